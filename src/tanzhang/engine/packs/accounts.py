"""Which kinds of accounts a programme has, what people call them, and what their points are called.

A unit of points is named by one kind (绿币 by persons, 蓝币 by enterprises); another kind may count
in it too. Its number in the ledger follows from the kind that names it, so that no other file and
no order of lines can change what was posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tanzhang.engine.packs.tree import Block, Text

#: Kinds of accounts; a kind's number is its place, stored with every account, so it never changes.
ACCOUNT_KINDS: Final = (
    "person",
    "household",
    "unit",  # a public body
    "small_enterprise",
    "enterprise",
    "team",
    "community",
)

PERSON: Final = "person"

#: The ledger's number of the points that the first kind names; 1 is milligrams of CO2e.
FIRST_POINTS_UNIT: Final = 2


@dataclass(frozen=True, slots=True)
class AccountKindEntry:
    """One kind of a programme's accounts.

    ``points`` is what its points are called, ``unit`` their number in the ledger.
    """

    kind: str
    title: Text
    points: Text
    unit: int


#: A programme that says nothing of accounts is for persons.
PERSONS_ALONE: Final[Mapping[str, AccountKindEntry]] = {
    PERSON: AccountKindEntry(
        PERSON, Text("个人", "person"), Text("碳积分", "points"), FIRST_POINTS_UNIT
    )
}


def unit_named_by(kind: str) -> int:
    """The ledger's number of the points that a kind of accounts names."""
    return FIRST_POINTS_UNIT + ACCOUNT_KINDS.index(kind)


def read_accounts(block: Block) -> Mapping[str, AccountKindEntry]:
    """The section ``accounts`` of a programme's file."""
    inner = block.block("accounts")
    if inner is None:
        return PERSONS_ALONE
    own: dict[str, AccountKindEntry] = {}
    borrowed: list[tuple[Block, str, Text]] = []
    for kind, entry in block.blocks("accounts"):
        title, points = entry.titled("title"), entry.both("points", required=False)
        lender = entry.text("points_of", required=False)
        entry.close()
        if kind not in ACCOUNT_KINDS:
            known = ", ".join(ACCOUNT_KINDS)
            entry.faults.add(entry.node, "packs.account_kind_unknown", kind=kind, known=known)
        elif (points is None) == (not lender):
            entry.faults.add(entry.node, "packs.account_points_unclear", kind=kind)
        elif points is not None:
            own[kind] = AccountKindEntry(kind, title, points, unit_named_by(kind))
        else:
            borrowed.append((entry, kind, title))
    found = dict(own)
    for entry, kind, title in borrowed:
        lender = entry.text("points_of")
        if lender in own:
            found[kind] = AccountKindEntry(kind, title, own[lender].points, own[lender].unit)
        else:
            node = entry.get("points_of") or entry.node
            entry.faults.add(node, "packs.account_points_unnamed", kind=kind, lender=lender)
    if not inner.entries:
        inner.faults.add(inner.node, "packs.key_missing", key=PERSON)
    return found
