"""Parties: whose act it is besides its subject's, and which acts meet (design §10.4).

If an act's local day, in its own programme's zone, lies in a window of its subject
(``engine.kinship``), then the person of several subjects is its *party*; otherwise its subject
alone is. Two acts **meet** if they name the same subject or have the same
party.

Meeting is not transitive: an act from before a link meets the later ones of its own subject, these
meet those of the other subject, and yet the first meets none of the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.kinship import Link, Sets, windows
from tanzhang.engine.rules import Ints, Rulebook
from tanzhang.engine.settle.eligibility import days_of
from tanzhang.engine.settle.plan import plan_of


def linked(acts: Acts, rulebook: Rulebook, links: Sequence[Link]) -> Acts:
    """The same acts, with the party of each by these links; unchanged if they concern none."""
    if not links or len(acts) == 0:
        return acts
    told = windows(links)
    subject, from_day, to_day, party = (
        np.array([getattr(one, name) for one in told], np.int64)
        for name in ("subject", "from_day", "to_day", "party")
    )
    day = days_of(acts, plan_of(rulebook))
    names = np.unique(subject)
    begins = _code(np.searchsorted(names, subject), from_day)
    asked = _code(np.searchsorted(names, acts.subject), day)
    place = np.maximum(np.searchsorted(begins, asked, side="right") - 1, 0)
    inside = (subject[place] == acts.subject) & (from_day[place] <= day) & (day < to_day[place])
    if not np.any(inside):
        return acts
    return replace(acts, party=np.where(inside, party[place], acts.subject))


def kin_of(acts: Acts) -> Ints:
    """For each act the least subject of all whom meetings connect with its own.

    Who is linked to nobody here is named by her own subject. Nothing that settlement decides of an
    act depends on acts of other kin, except by a claim.
    """
    if acts.party is None:
        return acts.subject
    rows = np.flatnonzero(acts.party != acts.subject)
    sets = Sets()
    for subject, party in set(
        zip(acts.subject[rows].tolist(), acts.party[rows].tolist(), strict=True)
    ):
        sets.join(subject, party)
    names = np.unique(acts.subject[rows])
    members: dict[int, int] = {}
    for name in names.tolist():
        members.setdefault(sets.least(name), name)  # names rise: the least subject comes first
    least = np.array([members[sets.least(name)] for name in names.tolist()], np.int64)
    place = np.minimum(np.searchsorted(names, acts.subject), max(len(names) - 1, 0))
    if len(names) == 0:
        return acts.subject
    return np.where(names[place] == acts.subject, least[place], acts.subject)


def _code(place: Ints, day: Ints) -> Ints:
    """One number that rises as (place, day) do; days fit in 32 bits."""
    return (place << 33) + day + (1 << 32)
