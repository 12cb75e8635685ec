"""What only two members of staff may do in a case: one proposes, another decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.words import words_of_account
from tanzhang.apps.people.identity.cases import add_step, locked_case
from tanzhang.apps.people.identity.models import CaseKind, Step
from tanzhang.problems import Problem

#: What can be proposed -> of which kind of case, and the step that follows when it is approved.
WISHES: Final = {
    "shorten": (CaseKind.RECOVERY, Step.SHORTENED),
    "confirm_death": (CaseKind.DEATH, Step.DONE),
}

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class CaseProposal:
    """A proposal, and what was decided (empty while nothing is)."""

    id: int
    case_id: int
    wish: str
    proposed_by: str
    proposed_at: datetime
    note: str
    decision: str
    decided_by: str


def propose_step(case_id: int, wish: str, *, by: str, note: str) -> int:
    """Propose what needs a second person; the proposal's number.

    Raises ``identity.proposal_unfit``, ``identity.proposal_open_already``,
    ``identity.reason_missing``, ``identity.case_ended``.
    """
    if not note.strip():
        raise Problem("identity.reason_missing")
    with bulk_transaction() as cursor:
        case = locked_case(cursor, case_id)
        if not case.is_open:
            raise Problem("identity.case_ended")
        if WISHES[wish][0] is not case.kind or WISHES[wish][1] in case.steps:
            raise Problem("identity.proposal_unfit")
        if any(not known.decision for known in _proposals(cursor, case_id)):
            raise Problem("identity.proposal_open_already")
        cursor.execute(
            "insert into identity_proposal (case_id, wish, proposed_by, note)"
            " values (%s, %s, %s, %s) returning id",
            [case_id, wish, by, words_of_account(cursor, case.account_id, note.strip())],
        )
        return int(cursor.fetchall()[0][0])


def decide_step(proposal_id: int, *, approve: bool, by: str, note: str) -> CaseProposal:
    """Decide what another person proposed; what is approved is done at once.

    Raises ``identity.own_proposal``, ``identity.proposal_decided``, ``identity.proposal_unknown``.
    """
    with bulk_transaction() as cursor:
        cursor.execute("select case_id from identity_proposal where id = %s", [proposal_id])
        row = cursor.fetchone()
        if row is None:
            raise Problem("identity.proposal_unknown")
        case = locked_case(cursor, int(row[0]))
        proposal = next(one for one in _proposals(cursor, case.id) if one.id == proposal_id)
        if proposal.decision:
            raise Problem("identity.proposal_decided")
        if proposal.proposed_by.strip().lower() == by.strip().lower():
            raise Problem("identity.own_proposal")
        cursor.execute(
            "insert into identity_decision (proposal_id, decision, proposed_by, decided_by, note)"
            " values (%s, %s, %s, %s, %s)",
            [
                *(proposal_id, APPROVED if approve else REFUSED),
                *(proposal.proposed_by, by),
                words_of_account(cursor, case.account_id, note.strip()),
            ],
        )
        if approve:
            add_step(cursor, case.id, WISHES[proposal.wish][1], by=by, note=note.strip())
        return next(one for one in _proposals(cursor, case.id) if one.id == proposal_id)


def proposals_in(case_id: int) -> list[CaseProposal]:
    """Every proposal in a case, the earliest first."""
    with bulk_transaction() as cursor:
        return _proposals(cursor, case_id)


def _proposals(cursor: psycopg.Cursor[Any], case_id: int) -> list[CaseProposal]:
    cursor.execute(
        "select p.id, case_id, wish, p.proposed_by, proposed_at, p.note, coalesce(decision, ''),"
        " coalesce(decided_by, '') from identity_proposal p"
        " left join identity_decision d on d.proposal_id = p.id where case_id = %s order by p.id",
        [case_id],
    )
    return [CaseProposal(*row) for row in cursor.fetchall()]
