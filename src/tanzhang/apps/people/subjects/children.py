"""Accounts of one person under one of them 母子账户: the parent shows the total of all.

Each child keeps its own balance and shows it. Only the person's own accounts become children: those
of the same subject, or of subjects that were shown to be one person.
"""

from __future__ import annotations

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.links import links_of
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.subjects.membership import Joining, add_member, end_membership
from tanzhang.apps.people.subjects.models import Role
from tanzhang.problems import Problem


def adopt(parent: AccountEntry, child: AccountEntry, *, today: int) -> None:
    """Let an account count in another of the same person's from today on.

    Raises ``subjects.child_of_another`` and what ``add_member`` raises.
    """
    with bulk_transaction() as cursor:
        pair = {parent.subject_id, child.subject_id}
        linked = any(
            {*link.subject_ids} == pair and link.to_day is None
            for link in links_of(cursor, [parent.subject_id])
        )
        if len(pair) > 1 and not linked:
            raise Problem("subjects.child_of_another")
        add_member(cursor, Joining(parent, child, today, role=Role.CHILD))


def let_go(parent: AccountEntry, child: AccountEntry, *, today: int) -> None:
    """Let an account count in another no more. Raises ``subjects.member_unknown``."""
    with bulk_transaction() as cursor:
        end_membership(cursor, parent.id, child.id, on_day=today)
