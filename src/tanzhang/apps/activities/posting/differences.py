"""Differences: what must be added to the stored outcomes so that they say what settlement says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.facts import Facts, Halves, key_bytes
from tanzhang.apps.activities.posting.history import Stored
from tanzhang.apps.activities.posting.rows import Rows, limit_ids, version_ids
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Outcomes
from tanzhang.engine.rules import Flags

NOBODY = (0, 0)


@dataclass(frozen=True, slots=True)
class Settled:
    """Facts and what settlement says of them; only ``reached`` rows may differ from the books."""

    facts: Facts
    outcomes: Outcomes
    lost_to: Halves
    reached: Flags


class _Said(NamedTuple):
    """All that an outcome says."""

    gross_mg: int
    credited_mg: int
    points: int
    status: int
    reason: int
    pack_version_id: int
    lost_to: tuple[int, ...]
    cuts: tuple[tuple[int, int], ...]


def differences(
    settled: Settled,
    stored: Stored,
    causes: dict[bytes, int],
    piece_of: dict[int, int],
    rules: RulesInForce,
) -> Rows:
    """Rows to post; none for an outcome that stays as it is.

    ``causes`` says why the changed facts changed; they are always posted, since the fact itself is
    part of the row. A fact that moves to another month or account is closed where it stood — its
    amounts are taken back there — and opened anew.
    """
    now = _said_now(settled, rules)
    keys = key_bytes(settled.facts.key)
    months = settled.facts.month.tolist()
    accounts = settled.facts.account_id.tolist()
    last = _Last.of(stored)
    draft = _Draft()
    for row in np.flatnonzero(settled.reached).tolist():
        key, month = keys[row], months[row]
        open_place = last.open.get(key)
        cause = causes.get(key)
        if (
            open_place is not None
            and cause is None
            and now[row] == _said_before(stored, open_place)
        ):
            continue
        number = last.number.get((key, month), -1) + 1
        before = None
        if open_place is not None:
            place_month = int(stored.facts.month[open_place])
            if (place_month, int(stored.facts.account_id[open_place])) == (month, accounts[row]):
                before = open_place
            else:
                draft.close(open_place, stored)
                number += place_month == month
        draft.post(row, number, now[row], stored, before, _cause(cause, open_place))
    return draft.rows(settled.facts, stored, piece_of)


def _cause(cause: int | None, open_place: int | None) -> int:
    if cause is None:
        return int(Cause.NEIGHBOUR_CHANGED)
    if cause == Cause.CORRECTED and open_place is None:
        return int(Cause.REPORTED)  # the first revision that arrived was not the first one made
    return cause


@dataclass(frozen=True, slots=True)
class _Last:
    """Where each event stands: its open place, and its last outcome number in each month."""

    open: dict[bytes, int]
    number: dict[tuple[bytes, int], int]

    @classmethod
    def of(cls, stored: Stored) -> _Last:
        keys, months = key_bytes(stored.facts.key), stored.facts.month.tolist()
        closed = stored.closed.tolist()
        return cls(
            {key: place for place, key in enumerate(keys) if not closed[place]},
            dict(zip(zip(keys, months, strict=True), stored.outcome_no.tolist(), strict=True)),
        )


def _said_now(settled: Settled, rules: RulesInForce) -> list[_Said]:
    outcomes = settled.outcomes
    cuts: list[list[tuple[int, int]]] = [[] for _ in range(len(settled.facts))]
    limits = limit_ids(outcomes, rules)[outcomes.cuts.limit]
    taken = zip(outcomes.cuts.row.tolist(), limits.tolist(), outcomes.cuts.mg.tolist(), strict=True)
    for row, limit_id, mg in taken:
        cuts[row].append((limit_id, mg))
    columns = (
        outcomes.gross_mg,
        outcomes.credited_mg,
        outcomes.points,
        outcomes.status,
        outcomes.reason,
        version_ids(settled.facts, outcomes, rules),
    )
    numbers = zip(*(column.tolist() for column in columns), strict=True)
    winners = map(tuple, settled.lost_to.tolist())
    return [
        _Said(*(*number, winner, tuple(sorted(cut))))
        for number, winner, cut in zip(numbers, winners, cuts, strict=True)
    ]


def _said_before(stored: Stored, place: int) -> _Said:
    return _Said(
        int(stored.gross_mg[place]),
        int(stored.credited_mg[place]),
        int(stored.points[place]),
        int(stored.status[place]),
        int(stored.reason[place]),
        int(stored.pack_version_id[place]),
        tuple(stored.lost_to[place].tolist()),
        stored.cuts[place],
    )


class _Line(NamedTuple):
    """A row to post: a settled row, or (closing) a stored place."""

    row: int
    outcome_no: int
    said: _Said  #: amounts as differences
    cause: int
    prior_points: int
    prior_day: int


@dataclass(slots=True)
class _Draft:
    posted: list[_Line] = field(default_factory=list)
    closed: list[_Line] = field(default_factory=list)

    def post(
        self, row: int, number: int, now: _Said, stored: Stored, before: int | None, cause: int
    ) -> None:
        if before is None:
            self.posted.append(_Line(row, number, now, cause, 0, 0))
            return
        credited = now.credited_mg - int(stored.credited_mg[before])
        prior_points = int(stored.points[before])
        said = now._replace(credited_mg=credited, points=now.points - prior_points)
        prior_day = int(stored.facts.day[before])
        self.posted.append(_Line(row, number, said, cause, prior_points, prior_day))

    def close(self, place: int, stored: Stored) -> None:
        said = _said_before(stored, place)
        taken_back = said._replace(
            gross_mg=0,
            credited_mg=-said.credited_mg,
            points=-said.points,
            lost_to=NOBODY,
            cuts=(),
        )
        number = int(stored.outcome_no[place]) + 1
        self.closed.append(_Line(place, number, taken_back, int(Cause.MOVED), 0, 0))

    def rows(self, facts: Facts, stored: Stored, piece_of: dict[int, int]) -> Rows:
        posted = facts.take(np.array([line.row for line in self.posted], np.int64))
        closed = stored.facts.take(np.array([line.row for line in self.closed], np.int64))
        together = posted.followed_by(closed)
        pieces = [piece_of[subject] for subject in together.subject_id.tolist()]
        together.piece_id[:] = pieces
        lines = [*self.posted, *self.closed]
        cuts = [
            (row, limit_id, mg) for row, line in enumerate(lines) for limit_id, mg in line.said.cuts
        ]
        said = np.array([line.said[:6] for line in lines], np.int64).reshape(-1, 6)
        cut = np.array(cuts, np.int64).reshape(-1, 3)
        first = np.array([line.prior_points == 0 for line in lines], bool)
        prior_day = np.array([line.prior_day for line in lines], np.int64)
        return Rows(
            facts=together,
            outcome_no=np.array([line.outcome_no for line in lines], np.int64),
            gross_mg=said[:, 0],
            credited_mg=said[:, 1],
            points=said[:, 2],
            status=said[:, 3],
            reason=said[:, 4],
            pack_version_id=said[:, 5],
            lost_to=np.array([line.said.lost_to for line in lines], np.uint64).reshape(-1, 2),
            cause=np.array([line.cause for line in lines], np.int64),
            prior_points=np.array([line.prior_points for line in lines], np.int64),
            prior_day=np.where(first, together.day, prior_day),
            cut_row=cut[:, 0],
            cut_limit_id=cut[:, 1],
            cut_mg=cut[:, 2],
        )
