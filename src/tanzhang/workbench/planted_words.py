"""What a planted person writes, and what staff write about her: all of it names her.

Each text goes in by the door by which real ones come, so that whoever looks for her name finds it
where real names would be.
"""

from __future__ import annotations

import uuid
from typing import Final

from tanzhang.apps.activities import api as activities
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT

_STAFF: Final = "planted staff"

#: A number that nobody has, from which she asks to come back.
_OTHER_PHONE: Final = "10000000001"


def write_about(
    account: people.AccountEntry, programme: str, event: str, *, name: str, phone: str
) -> None:
    """Let her and staff write, before anything else happened to her account."""
    words = f"{name}（{phone}）"
    _she_writes(account, event, words)
    _makes_household(account, programme, name)
    _staff_answer(account, words)
    _staff_decide(account, words)


def _she_writes(account: people.AccountEntry, event: str, words: str) -> None:
    with bulk_transaction() as cursor:
        people.make_request(cursor, account, people.RequestKind.OTHER, words)
    activities.appeal(account, uuid.UUID(event), activities.AppealAbout.ACT, words)


def _makes_household(account: people.AccountEntry, programme: str, name: str) -> None:
    household = people.NewGroup(
        kind=people.AccountKind.HOUSEHOLD,
        programme=programme,
        programme_id=account.programme_id,
        points_unit=FIRST_POINTS_UNIT,
        today=account.joined_day,
    )
    group = people.make_group(account, household)
    with bulk_transaction() as cursor:
        people.vault.store(cursor, group.subject_id, {"group_name": f"{name}的家"})


def _staff_answer(account: people.AccountEntry, words: str) -> None:
    with bulk_transaction() as cursor:
        for asked in people.requests_of(cursor, account.subject_id):
            people.take_step(cursor, asked.id, people.RequestState.DONE, by=_STAFF, words=words)
        people.vault.reveal(
            cursor, account.subject_id, ["name"], reader=f"operator:{_STAFF}", reason=words
        )
        people.set_account_state(cursor, [account.id], people.State.RESTRICTED, words)
        people.lift_restriction(cursor, account.id, words)


def _staff_decide(account: people.AccountEntry, words: str) -> None:
    activities.sanction(account.id, 1, by=_STAFF, note=words)
    case = people.ask_recovery(people.Recovery(account, _OTHER_PHONE))
    people.propose_step(case.id, "shorten", by=_STAFF, note=words)
    (proposal,) = people.proposals_in(case.id)
    people.decide_case(proposal.id, approve=False, by=f"another of {_STAFF}", note=words)
    people.refuse_case(case.id, by=_STAFF, note=words)
    death = people.report_death(account.id, by=_STAFF, reason=words, documents=[bytes(32)])
    people.refuse_case(death, by=_STAFF, note=words)
