"""Which pack an act's scene names: the programme's version of the act's day says it.

The door reads it when an act arrives, and keeps the inputs in that pack's order. Where a version of
the programme is put in force for days that are past, a scene may name another pack for them; the
act is read by that one then, if it knows every input that was reported. What it knows is said by
its version that is in force on the act's own day; where none is, the act keeps the pack that it
came under. What is loaded and not in force has no say.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tanzhang.apps.activities.posting.facts import Facts
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.rules import Flags, Input, Ints
from tanzhang.engine.settle.plan import plan_of


def under_named_packs(facts: Facts, rules: RulesInForce) -> tuple[Facts, Flags]:
    """The facts as the packs read them that their scenes name now, and which of them changed."""
    named = _named_packs(facts, rules)
    version = _versions_in_force(facts, named, rules)
    changed = version >= 0
    if not np.any(changed):
        return facts, changed
    versions = plan_of(rules.rulebook).versions
    codes = {number: code for code, number in rules.pack_ids.items()}
    inputs, given = facts.inputs.copy(), facts.given.copy()
    pairs = np.column_stack([facts.pack_id, version])
    for before, after in np.unique(pairs[changed], axis=0).tolist():
        rows = np.flatnonzero((facts.pack_id == before) & (version == after))
        places, ends = _places(_stored_inputs(rules, codes[before]), versions[after].inputs)
        slots = slice(len(places))
        unknown = facts.given[rows, slots] & (facts.inputs[rows, slots] >= ends)
        changed[rows[np.any(unknown, axis=1)]] = False
        rows = rows[changed[rows]]
        inputs[rows], given[rows] = 0, False
        for slot, place in enumerate(places.tolist()):
            if place >= 0:
                inputs[rows, place] = facts.inputs[rows, slot]
                given[rows, place] = facts.given[rows, slot]
    packs = np.where(changed, named, facts.pack_id)
    return replace(facts, pack_id=packs, inputs=inputs, given=given), changed


def _named_packs(facts: Facts, rules: RulesInForce) -> Ints:
    """The stored number of the pack that each scene names; the fact's own where it names none."""
    plan = plan_of(rules.rulebook)
    version = plan.programme_version(rules.programme_index[facts.programme_id], facts.day)
    scenes = max(rules.scene_ids.values(), default=0) + 1
    table = np.full((len(plan.programme_versions), scenes), -1, np.int64)
    for index, (code, programme) in enumerate(rules.rulebook.programmes.items()):
        first = int(plan.first_programme_version[index])
        for place, stated in enumerate(programme.versions, first):
            for scene, pack in stated.scenes.items():
                table[place, rules.scene_ids[code, scene]] = rules.pack_ids[pack]
    named = table[version, facts.scene_id]
    return np.where(named < 0, facts.pack_id, named)


def _versions_in_force(facts: Facts, named: Ints, rules: RulesInForce) -> Ints:
    """The version in force on the act's day of the pack that its scene names, as ``Plan`` numbers.

    -1 where there is none, and where the act stands under that pack already.
    """
    version = np.full(len(facts), -1, np.int64)
    other = np.flatnonzero(named != facts.pack_id)
    packs = rules.pack_index[named[other]]
    version[other] = plan_of(rules.rulebook).pack_version(packs, facts.day[other])
    return version


def _stored_inputs(rules: RulesInForce, pack: str) -> tuple[Input, ...]:
    """What each slot of an act under this pack means.

    A later version has the same inputs in the same places and may only add some (the compiler holds
    it), so that the longest list of all that is loaded tells the same of every stored slot.
    """
    return max((edition.rules.inputs for edition in rules.library.packs[pack]), key=len)


def _places(before: tuple[Input, ...], after: tuple[Input, ...]) -> tuple[Ints, Ints]:
    """For each slot of one pack the slot of the other that means the same; -1 if none does.

    Besides, the end (exclusive) of the values that it knows: both name the same categories so far.
    """
    places = np.full(len(before), -1, np.int64)
    ends = np.full(len(before), np.iinfo(np.int64).min)
    known = {declared.name: place for place, declared in enumerate(after)}
    for slot, declared in enumerate(before):
        place = known.get(declared.name, -1)
        if place < 0 or declared.unit != after[place].unit:
            continue
        places[slot], ends[slot] = place, np.iinfo(np.int64).max
        if declared.values:
            alike = [a == b for a, b in zip(declared.values, after[place].values, strict=False)]
            ends[slot] = [*alike, False].index(False)
    return places, ends
