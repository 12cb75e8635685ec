"""A partner fetches the file of a day, checks it, and hands in its own count."""

from __future__ import annotations

import json
from typing import Any

import pytest

from surfaces.partner_api.days import files_of_today
from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.activities.reconciliation import comparing
from tanzhang.crypto import PublicKey, sm3

pytestmark = pytest.mark.database


@pytest.fixture
def day(bikes: Partner) -> str:
    """A day on which one event was refused, and whose file is made."""
    bikes.post("/v1/events:batch", batch(event("e1", subject="nobody")))
    made = files_of_today()
    return made[0].day.isoformat()


def count(caller: Partner, day: str, **said: Any) -> Answer:
    body = json.dumps(said).encode()
    path = f"/v1/reconciliation/{day}/own-count"
    return caller.post(path, body, signed={"content_type": "application/json"})


def test_the_totals_hold_the_digest_of_the_lines_at_every_download(
    bikes: Partner, day: str, platform_keys: dict[str, PublicKey]
) -> None:
    first, second = (bikes.get(f"/v1/reconciliation/{day}") for _ in range(2))
    assert first.body == second.body
    lines = bikes.get(f"/v1/reconciliation/{day}/detail")
    assert lines.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert lines.is_signed_by(platform_keys)
    said = first.json()
    assert (said["received"], said["rejected"]) == (1, 1)
    assert said["detail_sm3"] == sm3(lines.body).hex()
    listed = {"day": day, "rows": 1, "detail_sm3": said["detail_sm3"]}
    assert listed in bikes.get("/v1/reconciliation").json()["files"]


def test_the_lines_come_in_the_parts_that_the_totals_list(bikes: Partner, day: str) -> None:
    path = f"/v1/reconciliation/{day}"
    [part] = bikes.get(path).json()["parts"]
    first = bikes.get(f"{path}/detail?part=1")
    assert first.body == bikes.get(f"{path}/detail").body
    assert part == {"part": 1, "rows": 1, "sm3": sm3(first.body).hex()}
    for other in (0, 2, -1, 10**30):
        assert bikes.get(f"{path}/detail?part={other}").code == "NOT_FOUND"
    assert bikes.get(f"{path}/detail?part=one").code == "SCHEMA_INVALID"


def test_counts_beyond_the_days_twenty_are_limited(
    bikes: Partner, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "COUNTS_A_DAY", 1)
    assert count(bikes, day, counts={}).status == 200
    limited = count(bikes, day, counts={})
    assert (limited.status, limited.code) == (429, "RATE_LIMITED")
    assert int(limited.headers["Retry-After"]) > 0


def test_a_partner_gets_no_file_of_another(bikes: Partner, bank: Partner, day: str) -> None:
    assert bank.get("/v1/reconciliation").json() == {"files": []}
    assert bank.get(f"/v1/reconciliation/{day}").code == "NOT_FOUND"
    assert bank.get(f"/v1/reconciliation/{day}/detail").code == "NOT_FOUND"
    assert count(bank, day, counts={}).code == "NOT_FOUND"


def test_an_own_count_is_compared(bikes: Partner, day: str) -> None:
    agreed = count(bikes, day, counts={"received": 1, "rejected": 1}, ids=["e1"]).json()
    assert (agreed["agrees"], agreed["breaks"]) == (True, 0)
    broken = count(bikes, day, counts={"received": 2}, ids=["e1", "lost"]).json()
    assert broken["differences"] == {"received": {"ours": 1, "theirs": 2}}
    assert (broken["only_theirs"], broken["breaks"]) == (["lost"], 2)


def test_what_is_no_count_or_no_day_is_refused(bikes: Partner, day: str) -> None:
    assert count(bikes, day, counts={"received": -1}).code == "SCHEMA_INVALID"
    assert bikes.get("/v1/reconciliation/yesterday").code == "NOT_FOUND"
