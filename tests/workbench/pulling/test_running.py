"""What a partner leaves on its server comes to the door by itself, and counts once."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import PASSWORD, https_server, sftp_server

from tanzhang.apps.activities import api as activities
from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem
from tanzhang.workbench.pulling import pull, read_source

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
THIRD = "r4,ada,2025-05-05 08:00,2025-05-05 08:10,3000"
FOURTH = "r5,ada,2025-05-06 08:00,2025-05-06 08:10,3000"
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
        put(there, "rides-2026-11-19.csv.gz", SECOND)
        put(there, "rides-2026-11-12.csv.gz", THIRD)
        put(there, "rides-2026-11-10.csv.gz", FOURTH)
        later = NOON.replace(day=25, hour=17)  # the 26th in the programme's zone
        assert counts(pull(source, home, later)) == [
            ("rides-2026-11-12.csv.gz", 1, 0),
            ("rides-2026-11-19.csv.gz", 1, 0),
        ], "what was missed within 14 days, the oldest first"


def agree(**terms: Any) -> None:
    """Other terms from now on."""
    made = partners.Terms(partners.AgreementKind.PULL, **terms)
    partners.agree(partners.partner("bikes").id, made, by="li", own_scenes=["bike", "tour"])


@pytest.fixture
def fetch(tmp_path: Path, write: Write) -> Iterator[Callable[..., list[Any]]]:
    """Leaves rows as one file on a server, and fetches what is there."""
    there = tmp_path / "there"
    there.mkdir()
    with sftp_server(there) as server:
        url = f"sftp://export@127.0.0.1:{server.port}/"

        def fetched(*rows: str) -> list[Any]:
            if rows:
                put(there, "rides.csv.gz", *rows)
            entries = {"host_key": server.host_key, "password_file": "secret"}
            return pull(read_source(write(url=url, **entries)), tmp_path / "home", NOON)

        yield fetched


@pytest.mark.usefixtures("agreed")
def test_what_was_fetched_is_a_batch_that_its_partner_finds_again(
    fetch: Callable[..., list[Any]],
) -> None:
    fetch(FIRST, SECOND)
    bikes = partners.partner("bikes")
    now = datetime.now(UTC)
    [line] = activities.batches(bikes.id, now - timedelta(hours=1), now + timedelta(hours=1))
    assert (line.channel, line.item_count, line.accepted) == ("pull", 2, 2)
    assert activities.event_by_id(bikes.id, "r1")["id"] == "r1"


def test_scenes_and_grades_of_the_agreement_hold_for_what_is_fetched(
    fetch: Callable[..., list[Any]],
) -> None:
    agree(scenes=["tour"])
    assert fetch(FIRST)[0].counts["codes"] == {"scene_not_agreed": 1}
    agree(scenes=["bike"], default_grade=1, most_grade=1)
    assert fetch(FIRST, SECOND)[0].counts["codes"] == {"grade_above_agreement": 2}


def test_what_is_fetched_counts_against_the_items_of_the_day_and_is_fetched_again(
    fetch: Callable[..., list[Any]],
) -> None:
    agree(items_a_day=1)
    assert [each.problem for each in fetch(FIRST, SECOND)] == ["partners.items_over_quota"]
    agree(items_a_day=2)
    assert counts(fetch()) == [("rides.csv.gz", 2, 0)]
    assert fetch() == []


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
