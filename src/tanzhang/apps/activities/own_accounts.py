"""A person's own accounts: which there are, and linking one that was shown to be hers.

That she can log in to both is not enough: a phone is lent, and given out again. Hosts vouched for
one identity on both sides (``people.shared_factor``), or nothing is linked. From the day on which
both accounts were open her acts count as one person's, and what two partners reported of one act
counts once, wherever it was reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from tanzhang.apps.activities.linking import link_people, unlink_people
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

#: So long a person can take a link back herself, as if it had never been.
COOLING: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Another account of a person; ``undo_until`` is None if she cannot undo the link herself."""

    account: people.AccountEntry
    linked_at: datetime | None  #: None: it is of the same subject, and needs no link
    from_day: int | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What linking two accounts would do, before anything is done."""

    mine: people.AccountEntry
    other: people.AccountEntry
    factor: str
    from_day: int  #: the local day from which acts of both count as one person's


def plan_link(mine: people.AccountEntry, other: people.AccountEntry) -> LinkPlan:
    """Whether two accounts can be linked, and from when. The person has logged in to both.

    Raises ``identity.same_account``, ``identity.not_a_person``, ``identity.factor_missing`` and
    ``identity.persons_differ``.
    """
    if mine.id == other.id:
        raise Problem("identity.same_account")
    if {mine.kind, other.kind} != {people.AccountKind.PERSON}:
        raise Problem("identity.not_a_person")
    with bulk_transaction() as cursor:
        factor = people.shared_factor(cursor, mine, other)
    return LinkPlan(mine, other, factor, max(mine.joined_day, other.joined_day))


def link_own(mine: people.AccountEntry, other: people.AccountEntry) -> int:
    """Link two accounts of one person; the link's number. Her acts are settled again.

    Raises what ``plan_link`` and ``link_people`` raise.
    """
    plan = plan_link(mine, other)
    if mine.subject_id == other.subject_id:
        raise Problem("people.already_linked")
    number = link_people(mine, other, from_day=plan.from_day, factor=plan.factor)
    _note(mine, other, people.EventKind.LINKED)
    return number


def undo_link(
    mine: people.AccountEntry, other: people.AccountEntry, at: datetime | None = None
) -> None:
    """Take a link back as if it had never been, while that is still hers to do.

    Raises ``people.not_linked`` and ``identity.undo_too_late``.
    """
    now = at or timezone.now()
    found = next((own for own in own_accounts(mine) if own.account.id == other.id), None)
    if found is None or found.linked_at is None:
        raise Problem("people.not_linked")
    if found.undo_until is None or found.undo_until <= now:
        raise Problem("identity.undo_too_late")
    unlink_people(mine, other, to_day=None, why="taken back by the person")
    _note(mine, other, people.EventKind.UNLINKED)


def own_accounts(mine: people.AccountEntry) -> Sequence[OwnAccount]:
    """All other accounts of the person whose account this is, in all programmes."""
    with bulk_transaction() as cursor:
        links = people.links_of(cursor, [mine.subject_id])
    others = {subject for link in links for subject in link.subject_ids} - {mine.subject_id}
    found = [
        OwnAccount(account, None, None, None)
        for account in people.accounts_of_subject(mine.subject_id)
        if account.id != mine.id
    ]
    for subject in sorted(others):
        direct = [link for link in links if {*link.subject_ids} == {mine.subject_id, subject}]
        last = max(direct, key=lambda link: link.made_at, default=None)
        if last is not None and last.to_day is not None:
            continue  # ended: acts until then still meet, but the account is hers no more
        found += [
            OwnAccount(
                account=account,
                linked_at=last.made_at if last else None,
                from_day=last.from_day if last else None,
                undo_until=last.made_at + COOLING if last else None,
            )
            for account in people.accounts_of_subject(subject)
        ]
    return found


def _note(mine: people.AccountEntry, other: people.AccountEntry, kind: people.EventKind) -> None:
    with bulk_transaction() as cursor:
        people.note_identity(cursor, mine.id, kind, about=other.id)
        people.note_identity(cursor, other.id, kind, about=mine.id)
