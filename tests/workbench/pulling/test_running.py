"""What a partner leaves on its server comes to the door by itself, and counts once."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem
from tanzhang.workbench.pulling import pull, read_source
from servers import PASSWORD, https_server, sftp_server

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

MAP = """
format = 1
id = "rides"
title.en = "Rides"
title.zh = "骑行"

[file]
kind = "csv"
time_zone = "Asia/Shanghai"
ambiguous = "hold"
missing = "reject"

[external_id]
column = "id"

[person]
column = "rider"

[scene]
constant = "bike"

[started]
column = "start"
format = "%Y-%m-%d %H:%M"

[ended]
column = "end"
format = "%Y-%m-%d %H:%M"

[grade]
constant = 2

[inputs.distance_m]
column = "distance_m"
unit = "m"
required = true
"""

HEADER = "id,rider,start,end,distance_m"
FIRST = "r1,ada,2025-05-03 08:00,2025-05-03 08:10,2000"
SECOND = "r2,ada,2025-05-04 08:00,2025-05-04 08:10,3000"
BROKEN = "r3,ada,yesterday,2025-05-04 08:10,3000"

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

Write = Callable[..., Path]


@pytest.fixture
def agreed(river: None) -> None:
    """The partner lets its files be fetched."""
    partner_id = partners.partner("bikes").id
    partners.agree(partner_id, partners.Terms(partners.AgreementKind.PULL), by="the tests")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a source's file with these entries, and what lies beside it."""
    (tmp_path / "rides.toml.map").write_text(MAP, encoding="utf-8")
    (tmp_path / "secret").write_text(PASSWORD, encoding="utf-8")

    def written(**entries: str) -> Path:
        whole = {"partner": "bikes", "programme": "river", "map": "rides.toml.map"} | entries
        path = tmp_path / "bikes.toml"
        lines = (f'{name} = "{value}"' for name, value in whole.items())
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return written


def put(folder: Path, name: str, *rows: str) -> None:
    """Leave a gzipped file on the server."""
    folder.mkdir(exist_ok=True)
    text = "\n".join([HEADER, *rows]) + "\n"
    (folder / name).write_bytes(gzip.compress(text.encode()))


def counts(pulled: Any) -> list[tuple[str, int, int]]:
    """Name, accepted and duplicate of each file."""
    return [(each.name, each.counts["accepted"], each.counts["duplicate"]) for each in pulled]


@pytest.mark.usefixtures("agreed")
def test_new_and_changed_files_of_an_sftp_folder_are_fetched_and_no_others(
    tmp_path: Path, write: Write
) -> None:
    there, home = tmp_path / "there", tmp_path / "home"
    put(there, "rides-1.csv.gz", FIRST)
    put(there, "notes.txt", "hello")
    with sftp_server(there) as server:
        source = read_source(
            write(
                url=f"sftp://export@127.0.0.1:{server.port}/",
                files="*.csv.gz",
                host_key=server.host_key,
                password_file="secret",
            )
        )
        assert counts(pull(source, home, NOON)) == [("rides-1.csv.gz", 1, 0)]
        assert pull(source, home, NOON) == []
        put(there, "rides-1.csv.gz", FIRST, SECOND)
        put(there, "rides-2.csv.gz", SECOND)
        assert counts(pull(source, home, NOON)) == [
            ("rides-1.csv.gz", 1, 1),
            ("rides-2.csv.gz", 0, 1),
        ]
    assert set(server.sessions) == {"export"}


@pytest.mark.usefixtures("agreed")
def test_a_line_for_each_row_lies_beside_and_a_bad_row_harms_no_other(
    tmp_path: Path, write: Write
) -> None:
    there, home = tmp_path / "there", tmp_path / "home"
    put(there, "rides.csv.gz", BROKEN, FIRST)
    with sftp_server(there) as server:
        entries = {"host_key": server.host_key, "password_file": "secret"}
        source = read_source(write(url=f"sftp://export@127.0.0.1:{server.port}/", **entries))
        [done] = pull(source, home, NOON)
    assert (done.counts["accepted"], done.counts["rejected"], done.problem) == (1, 1, None)
    results = home / "pulls" / "bikes" / "rides.csv.gz.results.csv"
    with results.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["verdict"] for row in csv.DictReader(lines)] == ["rejected", "accepted"]


@pytest.mark.usefixtures("agreed")
def test_a_file_that_is_broken_is_a_result_and_the_next_one_is_fetched(
    tmp_path: Path, write: Write
) -> None:
    there, home = tmp_path / "there", tmp_path / "home"
    put(there, "a.csv.gz", FIRST)
    (there / "a.csv.gz").write_bytes((there / "a.csv.gz").read_bytes()[:30])
    put(there, "b.csv.gz", SECOND)
    with sftp_server(there) as server:
        entries = {"host_key": server.host_key, "password_file": "secret"}
        source = read_source(write(url=f"sftp://export@127.0.0.1:{server.port}/", **entries))
        broken, sound = pull(source, home, NOON)
    assert broken.problem is not None
    assert (sound.counts["accepted"], sound.problem) == (1, None)


@pytest.mark.usefixtures("agreed")
def test_a_server_with_another_key_or_password_is_refused(tmp_path: Path, write: Write) -> None:
    there = tmp_path / "there"
    put(there, "rides.csv.gz", FIRST)
    with sftp_server(there) as server, sftp_server(there) as other:
        url = f"sftp://export@127.0.0.1:{server.port}/"
        wrong = read_source(write(url=url, host_key=other.host_key, password_file="secret"))
        with pytest.raises(Problem, match=r"pulls\.unreachable"):
            pull(wrong, tmp_path / "home", NOON)
        assert server.sessions == [], "no password was shown to it"
        (tmp_path / "secret").write_text("another", encoding="utf-8")
        right = read_source(write(url=url, host_key=server.host_key, password_file="secret"))
        with pytest.raises(Problem, match=r"pulls\.unreachable"):
            pull(right, tmp_path / "home", NOON)


@pytest.mark.usefixtures("agreed")
def test_the_file_of_yesterday_is_fetched_by_https_from_a_server_that_we_trust(
    tmp_path: Path, write: Write
) -> None:
    there, home = tmp_path / "there", tmp_path / "home"
    put(there, "rides-2026-11-20.csv.gz", FIRST)
    with https_server(there, tmp_path / "server.pem") as port:
        url = f"https://127.0.0.1:{port}/rides-{{day}}.csv.gz"
        with pytest.raises(Problem, match=r"pulls\.unreachable"):
            pull(read_source(write(url=url)), home, NOON)
        source = read_source(write(url=url, ca_file="server.pem"))
        assert counts(pull(source, home, NOON)) == [("rides-2026-11-20.csv.gz", 1, 0)]
        assert pull(source, home, NOON) == []
        assert pull(source, home, NOON.replace(day=25)) == [], "there is none of that day yet"


def test_without_an_agreement_and_for_a_suspended_partner_nothing_is_fetched(
    tmp_path: Path, write: Write, request: pytest.FixtureRequest
) -> None:
    source = read_source(write(url="https://127.0.0.1:1/rides.csv"))
    with pytest.raises(Problem, match=r"partners\.agreement_missing"):
        pull(source, tmp_path, NOON)
    request.getfixturevalue("agreed")
    partners.suspend(partners.partner("bikes").id, reason="a test", by="the tests")
    with pytest.raises(Problem, match=r"partners\.partner_suspended"):
        pull(source, tmp_path, NOON)
