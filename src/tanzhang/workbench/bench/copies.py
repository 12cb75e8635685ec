"""The limit of posting: binary COPY of the same rows, with nothing computed.

The rows that were posted are read back as COPY gives them and written into empty copies of the
tables, by as many connections as there are workers, in commits of the same size.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg import sql

from tanzhang.config.database import administrator
from tanzhang.workbench.bench.book import WORKERS, as_administrator, checkpoint

#: Rows in one COPY and commit, as in a settled piece of a large city.
ROWS = 10_000


def copy_rate(months: Sequence[int], pieces: Sequence[int], *, indexed: bool) -> float:
    """Rows a second into copies of ``activity`` with or without its primary key.

    The rows are those of the given months that the given pieces posted.
    """
    chunks = _chunks(months, pieces)
    with as_administrator() as server:
        server.execute("drop table if exists bench_copy")
        including = "including all" if indexed else "including defaults"
        server.execute(f"create table bench_copy (like activity {including})".encode())
    checkpoint()
    begin = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(_write, [chunks[number::WORKERS] for number in range(WORKERS)]))
    seconds = time.perf_counter() - begin
    with as_administrator() as server:
        row = server.execute("select count(*) from bench_copy").fetchone()
        server.execute("drop table bench_copy")
    assert row is not None
    return int(row[0]) / seconds


def _chunks(months: Sequence[int], pieces: Sequence[int]) -> list[bytes]:
    """The posted rows in the order of posting, as complete COPY streams of ``ROWS`` rows."""
    chunks = []
    with as_administrator() as server, server.cursor() as cursor:
        cursor.execute("drop table if exists bench_rows")
        cursor.execute(
            "create unlogged table bench_rows as select (row_number() over"
            " (order by piece_id, subject_id, event_key) - 1) / %s as chunk, a.*"
            " from activity a where month = any(%s) and piece_id = any(%s)",
            [ROWS, list(months), list(pieces)],
        )
        cursor.execute("create index on bench_rows (chunk)")
        cursor.execute(
            "select attname from pg_attribute where attrelid = 'activity'::regclass"
            " and attnum > 0 and not attisdropped order by attnum"
        )
        columns = sql.SQL(", ").join(sql.Identifier(row[0]) for row in cursor.fetchall())
        cursor.execute("select max(chunk) from bench_rows")
        last = cursor.fetchone()
        assert last is not None
        for chunk in range(int(last[0]) + 1):
            query = sql.SQL(
                "copy (select {} from bench_rows where chunk = {}) to stdout (format binary)"
            ).format(columns, sql.Literal(chunk))
            with cursor.copy(query) as stream:
                chunks.append(b"".join(bytes(part) for part in stream))
        cursor.execute("drop table bench_rows")
    return chunks


def _write(chunks: list[bytes]) -> None:
    with psycopg.connect(**administrator(), autocommit=True) as connection:
        for chunk in chunks:
            with connection.cursor().copy("copy bench_copy from stdin (format binary)") as stream:
                stream.write(chunk)
