"""When a person has died: a verified case, and the rights of her next of kin (PIPL 49).

Staff write down who asks and the digests of the documents that were shown; another person confirms.
Until then nothing changes, and a log-in ends the case: the dead do not log in. From then on the
account is frozen and opens to nobody, and next of kin may have a copy, have it closed, or have it
erased, each by a step of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.models import State
from tanzhang.apps.people.erasure.states import account_state, set_account_state
from tanzhang.apps.people.identity.cases import (
    CaseEntry,
    NewCase,
    add_step,
    identity_case,
    locked_case,
    open_case,
)
from tanzhang.apps.people.identity.models import CaseKind, Step
from tanzhang.apps.people.identity.proposals import CaseProposal, decide_step
from tanzhang.problems import Problem

#: What next of kin may ask for.
KIN_RIGHTS: Final = ("export", "close", "erase")


def report_death(
    account_id: int,
    *,
    by: str,
    reason: str,
    documents: Sequence[bytes],
    at: datetime | None = None,
) -> int:
    """Open a case about a death; the case's number.

    Raises ``identity.documents_missing``, ``identity.reason_missing`` and
    ``identity.case_open_already``.
    """
    if not documents:
        raise Problem("identity.documents_missing")
    if not reason.strip():
        raise Problem("identity.reason_missing")
    new = NewCase(
        account_id=account_id,
        kind=CaseKind.DEATH,
        by=by,
        reason=reason.strip(),
        documents=documents,
    )
    with bulk_transaction() as cursor:
        return open_case(cursor, new, at or timezone.now())


def decide_case(proposal_id: int, *, approve: bool, by: str, note: str) -> CaseProposal:
    """Decide what another person proposed in a case; a death that is confirmed freezes the account.

    An account that is frozen already is frozen anew, for this reason: what froze it first, a
    sanction, would open it again. Raises what ``decide_step`` raises.
    """
    with bulk_transaction() as cursor:
        decided = decide_step(proposal_id, approve=approve, by=by, note=note)
        case = locked_case(cursor, decided.case_id)
        is_death = approve and case.kind is CaseKind.DEATH
        if is_death and account_state(cursor, [case.account_id])[case.account_id].state in (
            State.OPEN,
            State.DORMANT,
            State.RESTRICTED,
            State.FROZEN,
        ):
            set_account_state(cursor, [case.account_id], State.FROZEN, f"death case {case.id}")
    return decided


def use_kin_right(case_id: int, right: str, *, by: str, note: str) -> CaseEntry:
    """Use a right for next of kin, and note it; the case.

    A copy the caller hands over. An account that is closed or to be erased takes nothing from that
    instant on, and its owner is erased when its time comes, as after closing it herself. Raises
    ``identity.death_unconfirmed``, and where nothing is left to close ``people.account_closed``
    and ``people.account_erased``.
    """
    assert right in KIN_RIGHTS
    case = identity_case(case_id)
    if case.kind is not CaseKind.DEATH or Step.DONE not in case.steps:
        raise Problem("identity.death_unconfirmed")
    with bulk_transaction() as cursor:
        add_step(cursor, case_id, Step.USED, by=by, note=f"{right}: {note}".strip(": "))
        if right != "export":
            if account_state(cursor, [case.account_id])[case.account_id].state is State.CLOSED:
                raise Problem("people.account_closed")
            set_account_state(cursor, [case.account_id], State.CLOSED, f"death case {case_id}")
    return case
