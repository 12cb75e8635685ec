"""Whether two acts of one person are the same, as far as two installations can tell.

They are if they are of one conflict class (of one pack, where that has no class) and overlap in
time or begin at the same instant. Plain ids of bills and orders are not carried, so that of two
bills only the instant is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from tanzhang.apps.activities.current import current_acts
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import AccountEntry, accounts_of_subject


@dataclass(frozen=True, slots=True)
class Span:
    """An act by its kind and its interval, half-open, in µs since 1970."""

    kind: str
    started_us: int
    ended_us: int

    def is_same_act(self, other: Span) -> bool:
        """Whether both are one act."""
        overlap = self.started_us < other.ended_us and other.started_us < self.ended_us
        return self.kind == other.kind and (overlap or self.started_us == other.started_us)


def kinds(rules: RulesInForce) -> Mapping[str, str]:
    """The kind of every pack in force: its conflict class, or itself."""
    found = {}
    for pack, versions in rules.rulebook.packs.items():
        named = next((v.conflict_class for v in reversed(versions) if v.conflict_class), None)
        found[pack] = f"class {named.name}" if named else f"pack {pack}"
    return found


def own_spans(
    cursor: psycopg.Cursor[Any], account: AccountEntry, rules: RulesInForce
) -> list[Span]:
    """Every act that is worth grams here, of all accounts of the account's person."""
    by_pack = kinds(rules)
    packs = {number: code for code, number in rules.pack_ids.items()}
    return [
        Span(by_pack[packs[act.pack_id]], act.started_us, act.ended_us)
        for own in accounts_of_subject(account.subject_id)
        for act in current_acts(cursor, own)
        if act.credited_mg > 0 and packs[act.pack_id] in by_pack
    ]


def meets(span: Span, others: Iterable[Span]) -> bool:
    """Whether one of the others is the same act."""
    return any(span.is_same_act(other) for other in others)
