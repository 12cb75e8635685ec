"""Differences: what must be added to the stored outcomes so that they say what settlement says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.facts import Facts, Halves, key_bytes
from tanzhang.apps.activities.posting.history import Stored
from tanzhang.apps.activities.posting.lots import NEVER, lot_rules
from tanzhang.apps.activities.posting.rows import Rows, limit_ids, version_ids
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Outcomes
from tanzhang.engine.rules import Flags, Ints

NOBODY = (0, 0)


@dataclass(frozen=True, slots=True)
class Judged:
    """Facts and what settlement says of them; only ``reached`` rows may differ from the books."""

    facts: Facts
    outcomes: Outcomes
    lost_to: Halves
    reached: Flags


@dataclass(frozen=True, slots=True)
class Causes:
    """Why outcomes may differ now, by event key.

    ``changed`` facts are always posted, since the fact itself is part of the row. Events in
    ``ruled`` stand under other rules than before, those in ``linked`` beside other acts of the same
    person; all others can only differ by a neighbour.
    """

    changed: Mapping[bytes, int]
    ruled: frozenset[bytes]
    linked: frozenset[bytes]

    def of(self, key: bytes, is_open: bool) -> int:
        """The cause to be written beside an outcome that differs."""
        cause = self.changed.get(key)
        if cause is None:
            if key in self.ruled:
                return int(Cause.RULES_CHANGED)
            return int(Cause.LINKED if key in self.linked else Cause.NEIGHBOUR_CHANGED)
        if cause == Cause.CORRECTED and not is_open:
            return int(Cause.REPORTED)  # the first revision that arrived was not the first one made
        return cause


class _Said(NamedTuple):
    """All that an outcome says; the numbers in the order of ``_NUMBERS``."""

    gross_mg: int
    credited_mg: int
    points: int
    status: int
    reason: int
    pack_version_id: int
    available_after_days: int
    expires_after_years: int
    lost_to: tuple[int, ...]
    cuts: tuple[tuple[int, int], ...]


_NUMBERS = _Said._fields[:8]


def differences(
    judged: Judged,
    stored: Stored,
    causes: Causes,
    piece_of: dict[int, int],
    rules: RulesInForce,
) -> Rows:
    """Rows to post; none for an outcome that stays as it is.

    A fact that moves to another month or account is closed where it stood — its amounts are taken
    back there — and opened anew.
    """
    now = _Now.of(judged, rules)
    keys = key_bytes(judged.facts.key)
    months = judged.facts.month.tolist()
    accounts = judged.facts.account_id.tolist()
    last = _Last.of(stored)
    draft = _Draft()
    rows = np.flatnonzero(judged.reached)
    places = np.array([last.open.get(keys[row], -1) for row in rows.tolist()], np.int64)
    alike = now.like(stored, rows, places)
    for row, place, is_alike in zip(rows.tolist(), places.tolist(), alike.tolist(), strict=True):
        key, month = keys[row], months[row]
        if is_alike and key not in causes.changed:
            continue
        number = last.number.get((key, month), -1) + 1
        before = None
        if place >= 0:
            place_month = int(stored.facts.month[place])
            if (place_month, int(stored.facts.account_id[place])) == (month, accounts[row]):
                before = place
            else:
                draft.close(place, stored)
                number += place_month == month
        draft.post(row, number, now.said(row), stored, before, causes.of(key, place >= 0))
    return draft.rows(judged.facts, stored, piece_of)


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


@dataclass(frozen=True, slots=True)
class _Now:
    """What settlement says of each row: its numbers (``_NUMBERS``), its winner, its cuts."""

    numbers: Ints
    lost_to: Halves
    cuts: dict[int, tuple[tuple[int, int], ...]]

    @classmethod
    def of(cls, judged: Judged, rules: RulesInForce) -> _Now:
        outcomes, facts = judged.outcomes, judged.facts
        limits = limit_ids(outcomes, rules)[outcomes.cuts.limit]
        taken = zip(outcomes.cuts.row, limits, outcomes.cuts.mg, strict=True)
        cuts: dict[int, list[tuple[int, int]]] = {}
        for row, limit_id, mg in taken:
            cuts.setdefault(int(row), []).append((int(limit_id), int(mg)))
        columns = {
            "pack_version_id": version_ids(facts, outcomes, rules),
            **dict(zip(_NUMBERS[6:], lot_rules(facts, outcomes.points, rules), strict=True)),
        }
        numbers = [
            columns[name] if name in columns else getattr(outcomes, name) for name in _NUMBERS
        ]
        return cls(
            np.column_stack(numbers),
            judged.lost_to,
            {row: tuple(sorted(own)) for row, own in cuts.items()},
        )

    def said(self, row: int) -> _Said:
        winner = tuple(self.lost_to[row].tolist())
        return _Said._make([*self.numbers[row].tolist(), winner, self.cuts.get(row, ())])

    def like(self, stored: Stored, rows: Ints, places: Ints) -> NDArray[Any]:
        """Which rows say what is stored at their places; none where the place is -1."""
        before = np.column_stack([getattr(stored, name) for name in _NUMBERS])
        alike = places >= 0
        known = np.flatnonzero(alike)
        row, place = rows[known], places[known]
        alike[known] = np.all(self.numbers[row] == before[place], axis=1)
        alike[known] &= np.all(self.lost_to[row] == stored.lost_to[place], axis=1)
        for index in np.flatnonzero(alike).tolist():
            cuts = self.cuts.get(int(rows[index]), ())
            alike[index] = cuts == stored.cuts[int(places[index])]
        return alike


def _said_before(stored: Stored, place: int) -> _Said:
    numbers = [int(getattr(stored, name)[place]) for name in _NUMBERS]
    return _Said._make([*numbers, tuple(stored.lost_to[place].tolist()), stored.cuts[place]])


class _Line(NamedTuple):
    """A row to post: a settled row, or (closing) a stored place; what was posted before, if so."""

    row: int
    outcome_no: int
    said: _Said  #: amounts as differences
    cause: int
    prior_points: int = 0
    prior_day: int = 0
    prior_available_after_days: int = 0
    prior_expires_after_years: int = NEVER


@dataclass(slots=True)
class _Draft:
    posted: list[_Line] = field(default_factory=list)
    closed: list[_Line] = field(default_factory=list)

    def post(
        self, row: int, number: int, now: _Said, stored: Stored, before: int | None, cause: int
    ) -> None:
        if before is None:
            self.posted.append(_Line(row, number, now, cause))
            return
        credited = now.credited_mg - int(stored.credited_mg[before])
        prior_points = int(stored.points[before])
        said = now._replace(credited_mg=credited, points=now.points - prior_points)
        lot = (
            int(stored.facts.day[before]),
            int(stored.available_after_days[before]),
            int(stored.expires_after_years[before]),
        )
        self.posted.append(_Line(row, number, said, cause, prior_points, *lot))

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
        self.closed.append(_Line(place, number, taken_back, int(Cause.MOVED)))

    def rows(self, facts: Facts, stored: Stored, piece_of: dict[int, int]) -> Rows:
        posted = facts.take(np.array([line.row for line in self.posted], np.int64))
        closed = stored.facts.take(np.array([line.row for line in self.closed], np.int64))
        together = posted.followed_by(closed)
        together.piece_id[:] = [piece_of[subject] for subject in together.subject_id.tolist()]
        lines = [*self.posted, *self.closed]
        cuts = [
            (row, limit_id, mg) for row, line in enumerate(lines) for limit_id, mg in line.said.cuts
        ]
        said = np.array([line.said[:8] for line in lines], np.int64).reshape(-1, 8)
        cut = np.array(cuts, np.int64).reshape(-1, 3)

        def column(name: str) -> Ints:
            return np.array([getattr(line, name) for line in lines], np.int64)

        own = (*_Line._fields[4:], "outcome_no", "cause")
        return Rows(
            facts=together,
            **dict(zip(_NUMBERS, said.T, strict=True)),
            **{name: column(name) for name in own},
            lost_to=np.array([line.said.lost_to for line in lines], np.uint64).reshape(-1, 2),
            cut_row=cut[:, 0],
            cut_limit_id=cut[:, 1],
            cut_mg=cut[:, 2],
        )
