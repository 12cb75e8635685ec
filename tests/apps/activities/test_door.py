"""The door accepts each act once, refuses what it must with a reason, and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from apps_world import RECEIVED_US, report, ride

from tanzhang.apps.activities.api import Acceptance, accept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def hand_in(*rows: dict[str, Any], partner: str = "bikes", enrol: bool = True) -> Acceptance:
    return accept(
        report(*rows), partner=partner, programme="lake", received_us=RECEIVED_US, enrol=enrol
    )


def answers(*rows: dict[str, Any], **where: Any) -> list[tuple[str, str | None]]:
    return [*hand_in(*rows, **where).verdicts.select("verdict", "code").iter_rows()]


def test_a_new_act_is_accepted() -> None:
    acceptance = hand_in(ride())
    assert acceptance.verdicts["verdict"].to_list() == ["accepted"]
    assert acceptance.counts["accepted"] == 1


def test_an_act_that_is_sent_again_is_a_duplicate() -> None:
    hand_in(ride())
    assert answers(ride()) == [("duplicate", "same_content")]


def test_an_act_that_is_twice_in_a_report_is_accepted_once() -> None:
    assert answers(ride(), ride()) == [("accepted", None), ("duplicate", "same_content")]
