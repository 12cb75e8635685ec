"""Facts as columns, between the tables, the pieces and the engine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tanzhang.apps.activities.pieces import ITEM
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Acts, State
from tanzhang.engine.rules import INPUT_SLOTS, Flags, Ints

Halves = NDArray[np.uint64]

#: How "not reported" is written where a column may not be null.
NOT_GIVEN = -(2**63)

#: Added to a stored ``state`` (``engine.acts.State``, as its revision says) while an order from
#: outside holds the event, whatever its revisions say.
HOLD = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """One fact a row. Ids are those of the database; keys are (n, 2) unsigned halves."""

    key: Halves
    subject_id: Ints
    account_id: Ints
    revision: Ints
    state: Ints
    pack_id: Ints
    scene_id: Ints
    partner_id: Ints
    programme_id: Ints
    started_us: Ints
    ended_us: Ints
    day: Ints
    month: Ints
    grade: Ints
    item: Halves
    inputs: Ints
    given: Flags
    consent: Flags
    joined_day: Ints
    piece_id: Ints

    def __len__(self) -> int:
        return len(self.subject_id)

    def take(self, rows: NDArray[Any]) -> Facts:
        """Some rows, by number or by flag."""
        return Facts(*(getattr(self, column.name)[rows] for column in fields(self)))

    def followed_by(self, other: Facts) -> Facts:
        """These rows and then the other's."""
        return Facts(
            *(
                np.concatenate([getattr(self, column.name), getattr(other, column.name)])
                for column in fields(self)
            )
        )


def facts_of_items(items: pl.DataFrame, piece_id: Ints) -> Facts:
    """The items of one or more pieces (``pieces.ITEM``) as facts; ``piece_id`` is each item's."""

    def ints(name: str) -> Ints:
        return items[name].to_numpy().astype(np.int64)

    slots = [items[f"q{slot}"] for slot in range(1, INPUT_SLOTS + 1)]
    return Facts(
        key=_halves(items, "key"),
        item=_halves(items, "item"),
        inputs=np.column_stack([slot.fill_null(0).to_numpy() for slot in slots]),
        given=np.column_stack([slot.is_not_null().to_numpy() for slot in slots]),
        consent=items["consent"].to_numpy(),
        piece_id=piece_id,
        **{name: ints(name) for name in _INTEGERS},
    )


@cache
def no_facts() -> Facts:
    """No rows."""
    return facts_of_items(pl.DataFrame(schema=ITEM), np.empty(0, np.int64))


_INTEGERS = (
    "subject_id",
    "account_id",
    "revision",
    "state",
    "pack_id",
    "scene_id",
    "partner_id",
    "programme_id",
    "started_us",
    "ended_us",
    "day",
    "month",
    "grade",
    "joined_day",
)


def _halves(items: pl.DataFrame, name: str) -> Halves:
    return np.column_stack([items[f"{name}_hi"].to_numpy(), items[f"{name}_lo"].to_numpy()])


def newest_revisions(facts: Facts) -> Facts:
    """One fact an event: its highest revision (the door lets no two facts share one)."""
    order = np.lexsort((facts.revision, facts.key[:, 1], facts.key[:, 0]))
    key = facts.key[order]
    last = np.ones(len(order), bool)
    last[:-1] = np.any(key[1:] != key[:-1], axis=1)
    return facts.take(order[last])


def ranks(halves: Halves) -> Ints:
    """Numbers that rise as the keys do, compared as unsigned bytes; equal keys share one."""
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    ordered = halves[order]
    steps = np.ones(len(order), np.int64)
    steps[1:] = np.any(ordered[1:] != ordered[:-1], axis=1)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.cumsum(steps)
    return rank


def item_codes(halves: Halves) -> Ints:
    """Numbers that are equal where the item keys are; 0 where there is none."""
    present = np.flatnonzero(np.any(halves != 0, axis=1))
    codes = np.zeros(len(halves), np.int64)
    if len(present):
        codes[present] = ranks(halves[present])
    return codes


def item_ids(items: Halves, codes: Ints) -> Ints:
    """For each code a number that means the same thing for ever: the key's first 62 bits."""
    ids = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
    ids[codes] = (items[:, 0] >> np.uint64(2)).astype(np.int64)
    return ids


def acts_of(facts: Facts, rules: RulesInForce, key: Ints, item: Ints) -> Acts:
    """The facts as the engine takes them; ``key`` and ``item`` number their keys."""
    return Acts(
        subject=facts.subject_id,
        account=facts.account_id,
        key=key,
        programme=rules.programme_index[facts.programme_id],
        pack=rules.pack_index[facts.pack_id],
        scene=facts.scene_id,
        started_us=facts.started_us,
        ended_us=facts.ended_us,
        grade=facts.grade,
        item=item,
        state=np.where(
            (facts.state & HOLD != 0) & (facts.state & ~HOLD != State.WITHDRAWN),
            int(State.HELD),
            facts.state & ~HOLD,
        ),
        consent=facts.consent,
        joined_day=facts.joined_day,
        inputs=facts.inputs,
        given=facts.given,
    )


def key_bytes(keys: Halves) -> list[bytes]:
    """Keys as 16-byte strings."""
    flat = np.ascontiguousarray(keys.astype(">u8")).tobytes()
    return [flat[place : place + 16] for place in range(0, len(flat), 16)]


def halves(keys: list[bytes]) -> Halves:
    """16-byte strings as keys."""
    return np.frombuffer(b"".join(keys), ">u8").reshape(-1, 2).astype(np.uint64)
