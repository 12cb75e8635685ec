"""The shared vocabulary of conflict classes: when two reports are one act (design §10.8)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.tree import Block, Text, read_tree
from tanzhang.engine.rules import ConflictClass, Period

PERIODS = {period.name.lower(): period for period in Period}


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """One class with what people read about it."""

    rules: ConflictClass
    title: Text
    why: Text
    place: Place

    @property
    def needs_key(self) -> bool:
        """Whether every act must carry an item key."""
        return self.rules.once is not None


def read_vocabulary(file: Path, faults: Faults) -> dict[str, ClassEntry]:
    """The classes by name."""
    with faults.at(Place(file, 1)):
        root = Block(read_tree(file), faults)
        classes = {name: _read_class(name, block) for name, block in root.blocks("classes")}
        root.close()
        return classes
    return {}


def _read_class(name: str, block: Block) -> ClassEntry:
    once = block.choice("once", tuple(PERIODS), default="never")
    rules = ConflictClass(name, block.flag("overlap"), PERIODS.get(once), block.flag("shared"))
    entry = ClassEntry(rules, block.titled("title"), block.titled("why"), block.node.place)
    if rules.shared and rules.once is None:
        block.faults.add(block.node, "packs.class_shared_without_once", name=name)
    if not rules.overlap and rules.once is None:
        block.faults.add(block.node, "packs.class_without_rule", name=name)
    block.close()
    return entry
