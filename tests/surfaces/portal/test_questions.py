"""A partner is asked about a report that somebody disputes, and answers; others see nothing."""

from __future__ import annotations

import pytest

from surfaces.portal.histories import History
from surfaces.portal.people import Person, somebody
from tanzhang.apps.activities.api import AppealAbout, appeal, appeal_numbered, ask_partner
from tanzhang.apps.activities.models import Activity
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import account_numbered
from tanzhang.surfaces.portal.models import PortalAction, Role

pytestmark = pytest.mark.database


def question(history: History) -> int:
    """An appeal about an act that the partner reported, and what it is asked."""
    act = Activity.objects.filter(partner_id=history.partner_id).first()
    assert act is not None
    owner = account_numbered(act.account_id)
    assert owner is not None
    number = appeal(owner, act.event_key, AppealAbout.ACT, "her own words")
    ask_partner(number, "Please look at the lock's record.", by="operator:wang")
    return number


def test_the_question_is_shown_and_nothing_that_she_wrote(
    manager: Person, history: History
) -> None:
    question(history)
    page = manager.reads("questions/")
    assert "Please look at the lock" in page.text
    assert "her own words" not in page.source
    assert "Questions about your reports 1" in manager.reads("").text


def test_the_answer_reaches_whoever_decides_and_is_written_down(
    manager: Person, history: History
) -> None:
    number = question(history)
    assert manager.sends(f"questions/{number}/answer/", {"words": "It is right."}).status == 302
    with bulk_transaction() as cursor:
        steps = appeal_numbered(cursor, number).steps
    assert steps[-1].words == "It is right."
    assert PortalAction.objects.filter(verb="question_answered", object_id=str(number)).exists()
    assert "Nobody disputes" in manager.reads("questions/").text


def test_an_answer_without_a_word_is_refused(manager: Person, history: History) -> None:
    number = question(history)
    assert manager.sends(f"questions/{number}/answer/", {"words": " "}).status == 409


def test_whoever_may_only_look_answers_nothing(history: History) -> None:
    number = question(history)
    viewer = somebody("bikes", Role.VIEWER)
    assert "textarea" not in viewer.reads("questions/").source
    assert viewer.sends(f"questions/{number}/answer/", {"words": "x"}).status == 403


def test_another_partner_neither_sees_nor_answers_it(history: History) -> None:
    number = question(history)
    stranger = somebody("bank", Role.MANAGER)
    assert "lock" not in stranger.reads("questions/").text
    assert stranger.sends(f"questions/{number}/answer/", {"words": "x"}).status in (404, 409)
