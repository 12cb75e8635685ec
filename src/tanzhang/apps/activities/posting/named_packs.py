"""Which pack an act's scene names: the programme's version of the act's day says it.

The door reads it when an act arrives, and keeps the inputs in that pack's order. Where a version of
the programme is put in force for days that are past, a scene may name another pack for them; the
act is read by that one then, if it knows every input that was reported.
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
    changed = named != facts.pack_id
    if not np.any(changed):
        return facts, changed
    codes = {number: code for code, number in rules.pack_ids.items()}
    inputs, given = facts.inputs.copy(), facts.given.copy()
    pairs = np.column_stack([facts.pack_id, named])
    for before, after in np.unique(pairs[changed], axis=0).tolist():
        rows = np.flatnonzero((facts.pack_id == before) & (named == after))
        slots = _slots(_inputs(rules, codes[before]), _inputs(rules, codes[after]))
        unknown = [slot for slot, place in enumerate(slots) if place is None]
        changed[rows[np.any(facts.given[rows][:, unknown], axis=1)]] = False
        rows = rows[changed[rows]]
        inputs[rows], given[rows] = 0, False
        for slot, place in enumerate(slots):
            if place is not None:
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


def _inputs(rules: RulesInForce, pack: str) -> tuple[Input, ...]:
    """A pack's inputs in the order in which acts store them; later versions only add some."""
    return max((edition.rules.inputs for edition in rules.library.packs[pack]), key=len)


def _slots(before: tuple[Input, ...], after: tuple[Input, ...]) -> list[int | None]:
    """For each slot of one pack the slot of the other that means the same; None if none does."""
    places = {declared.name: place for place, declared in enumerate(after)}
    found: list[int | None] = []
    for declared in before:
        place = places.get(declared.name)
        if place is not None:
            other = after[place]
            same = (other.unit, other.values[: len(declared.values)])
            place = place if same == (declared.unit, declared.values) else None
        found.append(place)
    return found
