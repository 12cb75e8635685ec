"""What of a report a methodology needs: nothing else of an act is kept.

An act keeps its time, its evidence grade and the inputs of its pack; the id of a thing only where
the pack counts by things; of sensitive inputs only what its owner agreed to by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from tanzhang.apps.activities.scenes import SLOTS
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import COLLECT, SENSITIVE
from tanzhang.engine.packs.definition import InputEntry
from tanzhang.engine.rules import PackVersion

#: Beside its inputs: that it happened, and when.
TIME: Final = "time"
ITEM_KEY: Final = "item_key"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one pack, in all its versions in force, needs of an act.

    ``kinds`` says of each sensitive input what it is; ``required`` are the sensitive inputs without
    which the pack cannot count; the others are left out where nobody agreed to them.
    """

    inputs: tuple[str, ...]
    item_key: bool
    kinds: Mapping[str, str]
    required: frozenset[str]

    @property
    def required_kinds(self) -> frozenset[str]:
        """The kinds of sensitive data without which the pack cannot count."""
        return frozenset(self.kinds[name] for name in self.required)


def needs_of(rules: RulesInForce, pack: str) -> Needs:
    """What a pack needs."""
    versions = rules.rulebook.packs[pack]
    entries = [entry for version in versions for entry in _entries(rules, pack, version)]
    return Needs(
        inputs=rules.input_names(pack),
        item_key=any(_counts_by_things(version) for version in versions),
        kinds={entry.name: entry.sensitive for entry in entries if entry.sensitive},
        required=frozenset(e.name for e in entries if e.sensitive and e.required),
    )


def _entries(rules: RulesInForce, pack: str, version: PackVersion) -> Iterable[InputEntry]:
    editions = rules.library.packs[pack]
    return next(e.definition.inputs for e in editions if e.version == version.version)


def _counts_by_things(version: PackVersion) -> bool:
    """Whether things are told apart: bills, orders, meters."""
    has_class = version.conflict_class is not None and version.conflict_class.once is not None
    by_thing = any(limit.per_item_key for limit in version.limits)
    return has_class or by_thing or bool(version.look_backs)


def leave_out(items: pl.DataFrame, rules: RulesInForce) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Items without the ids of things that their packs do not tell apart, and what was left out.

    A limit of a programme may count by things as well.
    """
    by_programme = any(
        limit.per_item_key
        for programme in rules.rulebook.programmes.values()
        for version in programme.versions
        for limit in version.limits
    )
    if by_programme:
        return items, ()
    named = {rules.pack_ids[pack]: pack for pack in rules.rulebook.packs}
    wanted = [
        number
        for number in items["pack_id"].unique().to_list()
        if needs_of(rules, named[number]).item_key
    ]
    keep = pl.when(pl.col("pack_id").is_in(wanted)).then("item_key")
    left = items.with_columns(item_key=keep)
    is_less = left["item_key"].null_count() > items["item_key"].null_count()
    return left, (f"/data/{ITEM_KEY}",) if is_less else ()


def sensitive_slots(rules: RulesInForce, pack_ids: Iterable[int]) -> pl.DataFrame:
    """The sensitive inputs of some packs: pack_id, slot (``q1`` …), name, kind, required."""
    named = {number: code for code, number in rules.pack_ids.items()}
    rows = []
    for number in pack_ids:
        needs = needs_of(rules, named[number])
        for slot, name in zip(SLOTS, needs.inputs, strict=False):
            if name in needs.kinds:
                rows.append((number, slot, name, needs.kinds[name], name in needs.required))
    schema = {
        "pack_id": pl.Int16,
        "slot": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "required": pl.Boolean,
    }
    return pl.DataFrame(rows, schema, orient="row")


def fields_of_scene(rules: RulesInForce, scene: str, pack: str) -> dict[str, frozenset[str]]:
    """What is kept of a scene's acts, by purpose, as ``<scene>/<field>``."""
    needs = needs_of(rules, pack)
    named = {TIME, *needs.inputs} | ({ITEM_KEY} if needs.item_key else set())
    return {
        COLLECT: frozenset(f"{scene}/{name}" for name in named),
        SENSITIVE: frozenset(f"{scene}/{name}" for name in needs.kinds),
    }


def fields_of_partner(
    rules: RulesInForce, programme: str, partner: str, agreed: Collection[str] = ()
) -> dict[str, frozenset[str]]:
    """What is kept of all that a partner may report, by purpose; empty where there is nothing."""
    found: dict[str, set[str]] = {COLLECT: set(), SENSITIVE: set()}
    for scene, pack in scenes_of_partner(rules, programme, partner, agreed).items():
        for purpose, names in fields_of_scene(rules, scene, pack).items():
            found[purpose] |= names
    return {purpose: frozenset(names) for purpose, names in found.items() if names}


def scenes_of_partner(
    rules: RulesInForce, programme: str, partner: str, agreed: Collection[str] = ()
) -> dict[str, str]:
    """The scenes that a partner may report by the programme's latest version, with their packs."""
    latest = [*rules.programme_file(programme).scenes.values()][-1].values()
    return {
        scene.id: scene.pack
        for scene in latest
        if scene.connected and (partner in scene.partners or scene.id in agreed)
    }
