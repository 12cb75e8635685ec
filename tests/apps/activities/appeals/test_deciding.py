"""A human decides, another where it matters, and every decision is a fact beside the old ones."""

from __future__ import annotations

import pytest
from appeal_world import amounts, disputed, entry, event, of, tell
from apps_world import ride

from clean_database import Database
from tanzhang.apps.activities.api import drain, hold, whereabouts
from tanzhang.apps.activities.appeals import reading
from tanzhang.apps.activities.appeals.deciding import (
    agree_on_appeal,
    answer_as_partner,
    ask_partner,
    decide_appeal,
    disagree_on_appeal,
)
from tanzhang.apps.activities.appeals.models import AppealAbout, AppealMove, Remedy
from tanzhang.apps.activities.appeals.reading import asked_of, open_appeals
from tanzhang.apps.activities.appeals.writing import appeal
from tanzhang.apps.activities.authenticity.models import QuarantineDecision, Verdict
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: The outcomes of her act as they were posted: number, grams, revision.
ROWS = "select outcome_no, credited_mg, revision from activity order by month, outcome_no"


def held() -> None:
    """A ride of ada's that somebody ordered to be held."""
    tell(ride())
    place = whereabouts(event())
    assert place is not None
    with bulk_transaction() as cursor:
        hold(cursor, [place])
    drain()


def rows(database: Database) -> list[tuple[int, int, int]]:
    with database.connect("owner") as owner:
        return owner.execute(ROWS).fetchall()


def test_a_refusal_changes_nothing_and_is_answered() -> None:
    tell(ride())
    number = disputed()
    assert (
        decide_appeal(number, Remedy.NONE, "距离与车锁记录一致。", by="operator:wang")
        is AppealMove.DECIDED
    )
    drain()
    found = entry(number)
    assert found.decision is not None
    assert (found.decision.words, found.decision.made_by) == (
        "距离与车锁记录一致。",
        "operator:wang",
    )
    assert amounts() == [("credited", 112_010)]


def test_what_was_held_counts_again_by_a_row_beside_the_old_ones(database: Database) -> None:
    held()
    assert amounts() == [("held", 0)]
    before = rows(database)
    decide_appeal(disputed("held"), Remedy.RELEASE, "核实无误。", by="wang")
    drain()
    assert amounts() == [("credited", 112_010)]
    after = rows(database)
    assert after[: len(before)] == before
    assert after[len(before) :] == [(2, 112_010, 0)]


def test_what_she_never_did_is_posted_back_by_a_row_beside_the_old_ones(database: Database) -> None:
    tell(ride())
    decide_appeal(disputed(words="这不是我"), Remedy.SET_ASIDE, "已核实，予以冲正。", by="wang")
    drain()
    assert amounts() == [("held", 0)]
    assert rows(database) == [(0, 112_010, 0), (1, -112_010, 0)]


def test_an_earlier_revision_stands_again(database: Database) -> None:
    tell(ride())
    tell(ride(revision=1, in_distance_m=230))
    worth = amounts()
    decide_appeal(disputed(), Remedy.RESTATE, "以首次上报为准。", by="wang", revision=0)
    drain()
    assert worth != amounts() == [("credited", 112_010)]
    assert [row[2] for row in rows(database)] == [0, 1, 0]


def test_a_revision_that_never_was_cannot_stand() -> None:
    tell(ride())
    number = disputed()
    with pytest.raises(Problem, match=r"appeals\.revision_unknown"):
        decide_appeal(number, Remedy.RESTATE, "which?", by="wang", revision=7)
    assert entry(number).is_open


def test_whoever_decided_first_does_not_decide_again() -> None:
    held()
    number = disputed("held")
    with pytest.raises(Problem, match=r"appeals\.first_decider"):
        decide_appeal(number, Remedy.NONE, "no", by="operator:Wang", earlier=["wang"])
    decide_appeal(number, Remedy.NONE, "no", by="operator:li", earlier=["wang"])


def test_whoever_decided_at_the_desk_does_not_decide_the_appeal() -> None:
    held()
    QuarantineDecision.objects.create(
        event_key=event("held"),
        decision=Verdict.REFUSE,
        proposed_by="console:zhao",
        decided_by="console:wang",
        note="the phone belongs to forty accounts",
    )
    number = disputed("held")
    for first in ("operator:zhao", "operator:wang"):
        with pytest.raises(Problem, match=r"appeals\.first_decider"):
            decide_appeal(number, Remedy.RELEASE, "yes", by=first)
    decide_appeal(number, Remedy.RELEASE, "yes", by="operator:li")


def test_from_a_stated_worth_on_two_persons_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TWO_PERSONS_FROM_MG", 112_010)
    held()
    number = disputed("held")
    assert decide_appeal(number, Remedy.RELEASE, "fine", by="operator:wang") is AppealMove.PROPOSED
    drain()
    assert amounts() == [("held", 0)]
    with pytest.raises(Problem, match=r"appeals\.same_person"):
        agree_on_appeal(number, by="approver:WANG")
    with pytest.raises(Problem, match=r"appeals\.proposal_open"):
        decide_appeal(number, Remedy.NONE, "no", by="operator:li")
    with pytest.raises(Problem, match=r"appeals\.first_decider"):
        agree_on_appeal(number, by="operator:zhao", earlier=["zhao"])
    assert agree_on_appeal(number, by="operator:li") is Remedy.RELEASE
    drain()
    assert amounts() == [("credited", 112_010)]
    decision = entry(number).decision
    assert decision is not None
    assert (decision.words, decision.made_by) == ("fine", "operator:wang, operator:li")


def test_a_proposal_can_be_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TWO_PERSONS_FROM_MG", 0)
    tell(ride())
    number = disputed()
    decide_appeal(number, Remedy.NONE, "no", by="wang")
    disagree_on_appeal(number, "look at the lock's record", by="li")
    assert entry(number).last is AppealMove.DISAGREED
    with pytest.raises(Problem, match=r"appeals\.nothing_proposed"):
        agree_on_appeal(number, by="li")
    decide_appeal(number, Remedy.NONE, "no, after another look", by="li")


def test_a_decision_stays() -> None:
    tell(ride())
    number = disputed()
    decide_appeal(number, Remedy.NONE, "no", by="wang")
    with pytest.raises(Problem, match=r"appeals\.ended"):
        decide_appeal(number, Remedy.NONE, "no", by="wang")
    with bulk_transaction() as cursor:
        assert open_appeals(cursor) == []


@pytest.mark.parametrize(
    ("about", "remedy"),
    [
        (AppealAbout.ACT, Remedy.ELSEWHERE),
        (AppealAbout.ACCOUNT, Remedy.RELEASE),
        (AppealAbout.ACCOUNT, Remedy.RESTATE),
    ],
)
def test_what_follows_has_to_fit_what_is_disputed(about: AppealAbout, remedy: Remedy) -> None:
    tell(ride())
    number = appeal(of(), event() if about is AppealAbout.ACT else None, about, "wrong")
    with pytest.raises(Problem, match=r"appeals\.remedy_unfit"):
        decide_appeal(number, remedy, "so be it", by="wang")


def test_a_decision_without_a_reason_is_refused() -> None:
    tell(ride())
    number = disputed()
    with pytest.raises(Problem, match=r"appeals\.answer_missing"):
        decide_appeal(number, Remedy.NONE, " ", by="wang")


def test_the_partner_is_asked_and_answers_and_reads_not_her_words() -> None:
    tell(ride())
    number, bikes = disputed(), partner("bikes").id
    ask_partner(number, "请核对这次骑行的距离。", by="operator:wang")
    with bulk_transaction() as cursor:
        assert [one.id for one in asked_of(cursor, bikes)] == [number]
        assert asked_of(cursor, partner("bank").id) == []
    with pytest.raises(Problem, match=r"appeals\.number_unknown"):
        answer_as_partner(number, partner("bank").id, "not ours", by="chen")
    answer_as_partner(number, bikes, "车锁漏传了最后一段，已发送更正。", by="bikes:chen")
    with bulk_transaction() as cursor:
        assert asked_of(cursor, bikes) == []
    tell(ride(revision=1, in_distance_m=3_000))
    decide_appeal(number, Remedy.CORRECTED, "合作方已更正。", by="operator:wang")
    assert [step.move for step in entry(number).steps] == [
        *("asked_partner", "partner_answered", "decided"),
    ]
    assert amounts()[0][1] > 112_010


def test_an_appeal_that_nobody_wrote_is_unknown() -> None:
    with pytest.raises(Problem, match=r"appeals\.number_unknown"):
        decide_appeal(4_711, Remedy.NONE, "no", by="wang")
