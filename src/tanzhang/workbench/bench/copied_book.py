"""A large book in minutes: some days of a city posted for real, and copies of them.

Rows of ``activity`` and their pieces are copied inside the database to other days of the same month
and to the 24 months before, in the order in which they were posted, so that they lie on the disk as
after real days. Copies within the month get new event keys; an event's rows stay together. Only
what the measured reads touch is copied: no identities, no balances, no bodies of pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from tanzhang.crypto.keys import Algorithm, generate
from tanzhang.stored_time import day_number
from tanzhang.workbench.bench import book
from tanzhang.workbench.city import City

#: The first posted day, and how many are posted.
FIRST: Final = date(2026, 3, 2)
DAYS: Final = 4
MONTH: Final = FIRST.year * 100 + FIRST.month
MONTHS_BEFORE: Final = 24

#: Each copy within the month is so many days after the one before.
_COPIES: Final = 7

#: What a copy changes in a row; everything else stays as it was posted.
_CHANGED: Final = {
    "started_us": "started_us + %(shift)s * 86400000000",
    "ended_us": "ended_us + %(shift)s * 86400000000",
    "day": "day + %(shift)s",
    "month": "%(month)s",
    "piece_id": "piece_id + %(copy)s * %(pieces)s::bigint",
    "event_key": "md5(event_key::text || %(copy)s::text)::uuid",
}

_PIECES: Final = """
insert into piece (id, received_at, item_count, shard, kind, partner_id, digest, body)
overriding system value
select id + %(copy)s * %(pieces)s::bigint, received_at + make_interval(days => %(shift)s::int),
       item_count, shard, kind, partner_id, digest, ''::bytea
from piece where id <= %(pieces)s
"""

_BATCHES: Final = """
insert into batch (id, partner_id, received_at, channel, key_id, canonical, signature, body_digest,
    item_count, accepted, duplicate, conflict, rejected, held, dropped, merkle_root, receipt_digest,
    results, piece_ids)
select gen_random_uuid(), %(partner)s, received_at, 'api', %(key)s, '', '', zero, items, items, 0,
       0, 0, 0, '{}', zero, zero, '', ids
from (
    select received_at, sum(item_count)::int as items, array_agg(id) as ids
    from piece where kind = 0 group by received_at, partner_id
) reported, decode(repeat('00', 32), 'hex') as zero
"""

_MEMBERS: Final = """
insert into membership (parent_id, member_id, from_day, role, shows_share, made_by)
select %(group)s, id, %(day)s, 'member', false, 'bench' from account
where kind = 0 order by hashint8(id) limit %(members)s
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the posted rows: ``part`` of 256 of the events, ``shift`` days later."""

    number: int
    month: int
    shift: int
    part: int


def fill(citizens: int, stored: int) -> None:
    """Store so many acts of so many citizens: some posted, the rest copies of them."""
    from tanzhang.workbench.city.residents import enrol_residents

    city = City(7, citizens, DAYS, FIRST, batches_a_day=1)
    enrol_residents(city, book.PROGRAMME)
    arriving = book.by_day(city)
    for windows in (islice(arriving, DAYS // 2), arriving):  # what is corrected later, was settled
        book.report(batch for window in windows for batch in window)
        book.drain()
    with book.as_administrator() as server:
        server.execute("create unlogged table bench_posted as select * from activity where false")
        rows = server.execute(
            "with taken as (insert into bench_posted select * from activity where month = %s"
            " returning 1) select count(*) from taken",
            [MONTH],
        ).fetchone()
        pieces = server.execute("select max(id) from piece").fetchone()
        assert rows is not None and pieces is not None
        copies = list(_copies(rows[0], stored))
        server.execute("select ensure_months(%s)", [sorted({copy.month for copy in copies})])
    with ThreadPoolExecutor(book.WORKERS) as pool:
        list(pool.map(lambda copy: _make(copy, pieces[0]), copies))
    with book.as_administrator() as server:
        server.execute("drop table bench_posted")
        server.execute("vacuum (analyze)")  # as autovacuum does soon after
    book.checkpoint()


def sign_everything(partner_id: int) -> str:
    """A key of this partner behind every report of the book; its id."""
    from tanzhang.apps.partners.api import add_key

    key = add_key(partner_id, generate(Algorithm.SM2).public)
    with book.as_administrator() as server:
        server.execute(_BATCHES, {"partner": partner_id, "key": key})
    return key


def gather(members: int) -> int:
    """A team of so many citizens, drawn evenly; its account."""
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.people.api import AccountKind, NewGroup, open_group

    rules, first = rulebook_in_force(), day_number(FIRST) - 800
    programme_id = rules.programme_ids[book.PROGRAMME]
    team = open_group(
        NewGroup(AccountKind.TEAM, book.PROGRAMME, programme_id, 2, first), by="bench"
    )
    with book.as_administrator() as server:
        server.execute(_MEMBERS, {"group": team.id, "day": first, "members": members})
        server.execute("analyze membership")
    return team.id


def _copies(posted: int, stored: int) -> Iterator[Copy]:
    """Whole copies fill the month, and parts the months before, until enough is stored."""
    for number in range(1, _COPIES):
        yield Copy(number, MONTH, number * DAYS, 256)
    missing = max(0, stored - _COPIES * posted)
    part = min(256, 1 + missing * 256 // (posted * MONTHS_BEFORE))
    month = FIRST.replace(day=1)
    for number in range(_COPIES, _COPIES + MONTHS_BEFORE):
        month = (month - timedelta(days=1)).replace(day=1)
        shift = (month.replace(day=FIRST.day) - FIRST).days
        yield Copy(number, month.year * 100 + month.month, shift, part)


def _make(copy: Copy, pieces: int) -> None:
    given: dict[str, Any] = {
        "copy": copy.number,
        "month": copy.month,
        "shift": copy.shift,
        "part": copy.part,
        "pieces": pieces,
    }
    with book.as_administrator() as server:
        server.execute("set synchronous_commit = off")
        found = server.execute(
            "select attname from pg_attribute where attrelid = 'activity'::regclass"
            " and attnum > 0 and not attisdropped order by attnum"
        )
        names = [row[0] for row in found]
        values = ", ".join(_CHANGED.get(name, name) for name in names)
        server.execute(
            f"insert into activity_{copy.month} ({', '.join(names)}) select {values}"
            " from bench_posted where get_byte(uuid_send(event_key), 15) < %(part)s".encode(),
            given,
        )
        server.execute(_PIECES.encode(), given)
