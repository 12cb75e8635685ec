"""A compiled pack: the rules that settlement reads, and everything that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanzhang.engine.formula import Formula
from tanzhang.engine.packs.changes import both, filled
from tanzhang.engine.packs.definition import InputEntry, Mark, PackDefinition
from tanzhang.engine.packs.tree import Text, write_day
from tanzhang.engine.rules import PackVersion
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One number of a factor in force, with its mark, for a screen or a machine."""

    name: str
    title: Text
    row: str  #: the category or grade that it is for; empty where there is one number only
    value: str  #: digits as the source has them
    unit: str
    mark: Mark
    label: str
    rule: str  #: label and rule are those of its spell (definition.Spell)

    @property
    def dated(self) -> Text:
        """The year that the figure is of, or by which rule it counts past that; else empty."""
        label = both(self.label)
        return filled(f"past_{self.rule}", label=label) if self.rule else label

    def as_json(self, lang: str) -> dict[str, Any]:
        """The keys that scripts may rely on: value, unit, source (in ``lang``), kind."""
        named = {"name": self.name, "value": self.value, "unit": self.unit}
        label = f"past {self.label}: {self.rule}" if self.rule else self.label
        optional = {"row": self.row, "label": label, "confidence": self.mark.confidence}
        return {
            **named,
            "source": self.mark.source[lang],
            "kind": self.mark.kind,
            **{key: text for key, text in optional.items() if text},
        }


@dataclass(frozen=True, slots=True)
class CompiledPack:
    """One edition of a pack version: a span of local days in which its factors do not change.

    ``rules.version`` is the version's name, with ``+`` and the edition's first day (or year) where
    a version has several editions: a yearly factor opens a new edition every New Year.
    """

    definition: PackDefinition = field(repr=False)
    rules: PackVersion
    formula: Formula = field(repr=False)
    factors: tuple[FactorLine, ...]
    digest: str  #: SHA-256 over the files that made it, in hexadecimal

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def version(self) -> str:
        return self.rules.version

    def milligrams(self, columns: Mapping[str, int]) -> int | None:
        """One act's reduction, or None where the formula divides by zero."""
        return self.formula.one(*(columns[name] for name in self.formula.columns))

    def in_force(self, day: int) -> bool:
        """Whether the edition is in force on a local day (days since 1970-01-01)."""
        return self.rules.valid_from <= day < self.rules.valid_to

    def input_entry(self, name: str) -> InputEntry:
        """An input by name. Raises Problem ``packs.input_unknown``."""
        for entry in self.definition.inputs:
            if entry.name == name:
                return entry
        known = ", ".join(entry.name for entry in self.definition.inputs)
        raise Problem("packs.input_unknown", name=name, known=known)

    def describe_validity(self) -> str:
        """``2022-08-25 –`` or ``2022-08-25 – 2024-12-31`` (both days included)."""
        first = write_day(self.rules.valid_from)
        if self.definition.for_ever and self.rules.valid_to == self.definition.valid_to:
            return f"{first} –"
        return f"{first} – {write_day(self.rules.valid_to - 1)}"
