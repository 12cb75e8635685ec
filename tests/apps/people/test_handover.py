"""A ticket is good once, for five minutes, and only as the host signed it."""

from __future__ import annotations

import pytest
from django.core import signing

from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def ticket(phone: str | None = "10000000001") -> str:
    return people.make_ticket(
        host="bank", programme="lake", person="ada", sources=("bank", "bikes"), phone=phone
    )


def refused(text: str) -> str:
    with pytest.raises(Problem) as problem:
        people.redeem_ticket(text)
    return problem.value.code


def test_a_ticket_names_whom_the_host_vouches_for() -> None:
    index = people.phone_index(people.installation_secret(), "10000000001")
    assert people.redeem_ticket(ticket()) == people.HandOver(
        "bank", "lake", "ada", ("bank", "bikes"), index
    )
    assert people.redeem_ticket(ticket(None)).phone_index is None


def test_a_ticket_is_used_up_by_one_visit() -> None:
    once = ticket()
    people.redeem_ticket(once)
    assert refused(once) == "people.ticket_invalid"


def test_a_changed_ticket_and_one_of_another_purpose_open_nothing() -> None:
    made = ticket()
    assert refused(made[:-1] + ("A" if made[-1] != "A" else "B")) == "people.ticket_invalid"
    assert refused(signing.dumps(["bank"], salt="elsewhere")) == "people.ticket_invalid"


def test_a_ticket_is_too_old_after_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ticket()
    later = signing.time.time() + 301
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert refused(made) == "people.ticket_invalid"


def test_the_phone_does_not_travel_in_the_ticket() -> None:
    payload = signing.loads(ticket(), salt="tanzhang.hand-over")
    assert "10000000001" not in repr(payload)
