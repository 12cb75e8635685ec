"""How long points of an act wait because of what its pack says against fabricated acts.

Where a scene is judged, its points are not available before the pack's time is over: sweeps find
who shares a phone with many only after days, and a ticket can be given back for weeks. How strong
the evidence is decides the time, and the programme can only ask for more of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.apps.activities.posting.facts import Facts
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.rules import Flags, Ints, Rulebook
from tanzhang.engine.settle.plan import plan_of

#: Grades above this wait as this one does.
_MOST_GRADE = 9


@dataclass(frozen=True, slots=True)
class _Waits:
    """``judged`` by number of programme version and scene; ``days`` by pack version and grade."""

    judged: Flags
    days: Ints


def packs_waits(facts: Facts, rules: RulesInForce) -> Ints:
    """Days that the pack of each act asks its points to wait; 0 where its scene is not judged."""
    waits = _waits_of(rules)
    if not waits.judged.any():
        return np.zeros(len(facts), np.int64)
    plan = plan_of(rules.rulebook)
    stated = plan.programme_version(rules.programme_index[facts.programme_id], facts.day)
    version = plan.pack_version(rules.pack_index[facts.pack_id], facts.day)
    days = waits.days[version, facts.grade.clip(0, _MOST_GRADE)]
    return np.where(waits.judged[stated, facts.scene_id] & (version >= 0), days, 0)


_known: list[tuple[Rulebook, _Waits]] = []


def _waits_of(rules: RulesInForce) -> _Waits:
    """The waits of a rulebook; the last few are kept, since a worker settles by one for days."""
    for rulebook, waits in _known:
        if rulebook is rules.rulebook:
            return waits
    waits = _Waits(_judged(rules), _days(rules))
    _known[:] = [*_known[-3:], (rules.rulebook, waits)]
    return waits


def _judged(rules: RulesInForce) -> Flags:
    plan = plan_of(rules.rulebook)
    scenes = max(rules.scene_ids.values(), default=0) + 1
    judged = np.zeros((len(plan.programme_versions), scenes), np.bool_)
    for index, (code, programme) in enumerate(rules.rulebook.programmes.items()):
        first = int(plan.first_programme_version[index])
        file = rules.programme_file(code)
        for place, stated in enumerate(programme.versions, first):
            for scene in file.scenes[stated.version].values():
                if scene.connected:
                    judged[place, rules.scene_ids[code, scene.id]] = scene.judged
    return judged


def _days(rules: RulesInForce) -> Ints:
    plan = plan_of(rules.rulebook)
    days = np.zeros((len(plan.versions), _MOST_GRADE + 1), np.int64)
    codes = [code for code, versions in rules.rulebook.packs.items() for _ in versions]
    for number, (code, version_id) in enumerate(zip(codes, rules.version_ids, strict=True)):
        edition = rules.edition(code, int(version_id))
        entry = edition.definition.authenticity if edition else None
        if entry is not None:
            days[number] = [entry.rules.waits(grade) for grade in range(_MOST_GRADE + 1)]
    return days
