"""Reads one version of a pack: ``pack.yaml`` and the ``examples.yaml`` beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tanzhang.engine.formula import EVIDENCE_GRADE, parse
from tanzhang.engine.packs.definition import (
    LIFE_STAGES,
    SENSITIVE_KINDS,
    STANDARD_KINDS,
    STATUSES,
    Factor,
    InputEntry,
    PackDefinition,
    StepEntry,
    Window,
)
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.read_authenticity import read_authenticity
from tanzhang.engine.packs.read_factors import FactorTable, read_factor
from tanzhang.engine.packs.read_rules import read_bounds, read_examples, read_limits, read_review
from tanzhang.engine.packs.tree import Block, Node, Text, read_tree
from tanzhang.engine.packs.vocabulary import ClassEntry
from tanzhang.engine.rules import FOR_EVER, INPUT_SLOTS
from tanzhang.engine.units import CANONICAL, parse_decimal, parse_quantity, parse_unit
from tanzhang.problems import Problem

PACK_FILE, EXAMPLES_FILE = "pack.yaml", "examples.yaml"
REDUCTION = "reduction"
_REDUCTION_TITLE = Text("减排量", "reduction")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
ID = re.compile(r"[a-z][a-z0-9-]{1,39}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_RESERVED = frozenset(("min", "max", "if", "else", "and", "or", "not", "in", "is", "lambda"))
_MAX_WINDOW_DAYS = 366
_MAX_SKIPPING_DAYS = 10
#: Faults that leave the formula and the examples of a pack worth compiling.
_HARMLESS = frozenset(
    (
        "packs.source_missing",
        "packs.language_missing",
        "packs.key_unknown",
        "packs.review_missing",
        "packs.examples_too_few",
        "packs.id_differs",
    )
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What packs may refer to."""

    classes: Mapping[str, ClassEntry]
    tables: Mapping[str, FactorTable]


@dataclass(frozen=True, slots=True)
class ReadPack:
    """A definition, and whether it was read well enough to be compiled."""

    definition: PackDefinition
    usable: bool


def read_pack(folder: Path, shelf: Shelf, faults: Faults) -> ReadPack | None:
    """The pack of a folder; None where its file cannot be read at all."""
    file = folder / PACK_FILE
    with faults.at(Place(file, 1)):
        reader = _PackReader(Block(read_tree(file), faults), shelf)
        before = len(faults.found)
        definition = reader.read(folder)
        usable = all(fault.code in _HARMLESS for fault in faults.found[before:])
        return ReadPack(definition, usable)
    return None


class _PackReader:
    """Reads the parts of a pack in order; later parts refer to names of earlier ones."""

    def __init__(self, block: Block, shelf: Shelf) -> None:
        self.block = block
        self.faults = block.faults
        self.shelf = shelf
        self.names: set[str] = {EVIDENCE_GRADE}

    def read(self, folder: Path) -> PackDefinition:
        block = self.block
        pack_id, version = self._identity(folder)
        valid = self._validity()
        status = block.choice("status", STATUSES)
        inputs = {entry.name: entry for entry in self._inputs()}
        windows = tuple(self._windows(inputs))
        factors = tuple(self._factors(inputs, valid))
        steps = tuple(self._steps())
        numeric = {e.name: e.unit.dimensions for e in inputs.values() if e.unit is not None}
        definition = PackDefinition(
            id=pack_id,
            version=version,
            title=block.titled("title"),
            summary=block.both("summary", required=False),
            issuer=block.titled("issuer"),
            document=block.titled("document"),
            document_number=block.text("document_number", required=False),
            standard=block.choice("kind_of_standard", STANDARD_KINDS),
            stage=block.choice("life_stage", LIFE_STAGES),
            region=block.text("region"),
            valid_from=valid[0],
            valid_to=valid[1],
            status=status,
            author=block.text("author"),
            review=read_review(block, status),
            supersedes=block.text("supersedes", required=False),
            inputs=tuple(inputs.values()),
            windows=windows,
            factors=factors,
            steps=steps,
            conflict_class=self._conflict(),
            item_key=block.both("item_key", required=False),
            limits=tuple(read_limits(block, pack_id, from_pack=True)),
            bounds=tuple(read_bounds(block, numeric)),
            crediting=block.both("crediting_period", required=False),
            durable_months=self._durable(),
            notes=block.both("notes", required=False),
            explanation=block.titled("explanation"),
            zero_by_design=block.flag("zero_by_design"),
            examples=read_examples(folder / EXAMPLES_FILE, self.faults),
            authenticity=read_authenticity(block, inputs),
            place=block.node.place,
        )
        block.close()
        return definition

    def _identity(self, folder: Path) -> tuple[str, str]:
        pack_id, version = self.block.text("id"), self.block.text("version")
        here = self.block.get("id") or self.block.node
        if pack_id and pack_id not in (folder.name, folder.parent.name):
            self.faults.add(here, "packs.id_differs", id=pack_id, folder=folder.name)
        if pack_id and not ID.fullmatch(pack_id):
            self.faults.add(here, "packs.name_malformed", name=pack_id)
        if version and not _VERSION.fullmatch(version):
            place = self.block.get("version") or here
            self.faults.add(place, "packs.name_malformed", name=version)
        return pack_id, version

    def _validity(self) -> tuple[int, int]:
        first = self.block.day("valid_from", required=True)
        end = self.block.day("valid_to", default=FOR_EVER)
        if end <= first:
            place = self.block.get("valid_to") or self.block.node
            self.faults.add(place, "packs.validity_empty")
        return first, end

    def _new_name(self, name: str, node: Node) -> None:
        if not _NAME.fullmatch(name) or name in _RESERVED:
            self.faults.add(node, "packs.name_malformed", name=name)
        if name in self.names:
            self.faults.add(node, "packs.name_repeated", name=name)
        self.names.add(name)

    def _inputs(self) -> list[InputEntry]:
        entries: list[InputEntry] = []
        for name, block in self.block.blocks("inputs"):
            self._new_name(name, block.node)
            with self.faults.at(block.node):
                entries.append(_read_input(name, block))
            block.close()
        if len(entries) > INPUT_SLOTS:
            place = self.block.get("inputs") or self.block.node
            self.faults.add(place, "packs.inputs_too_many", count=len(entries), most=INPUT_SLOTS)
        return entries

    def _windows(self, inputs: Mapping[str, InputEntry]) -> list[Window]:
        windows: list[Window] = []
        for name, block in self.block.blocks("windows"):
            self._new_name(name, block.node)
            with self.faults.at(block.node):
                windows.append(_read_window(name, block, inputs))
            block.close()
        return windows

    def _factors(self, inputs: Mapping[str, InputEntry], valid: tuple[int, int]) -> list[Factor]:
        factors: list[Factor] = []
        for name, block in self.block.blocks("factors"):
            self._new_name(name, block.node)
            with self.faults.at(block.node):
                factors.append(read_factor(name, block, inputs, self.shelf.tables, valid))
        return factors

    def _steps(self) -> list[StepEntry]:
        """``formula: text``, or named steps of which the last is called ``reduction``."""
        node = self.block.get("formula", required=True)
        if node is None:
            return []
        single = isinstance(node.value, str)
        lines = {REDUCTION: node} if single else Block(node, self.faults).entries
        steps: list[StepEntry] = []
        for name, line in lines.items():
            self._new_name(name, line)
            with self.faults.at(line):
                steps.append(self._step(name, line))
        if REDUCTION not in list(lines)[-1:]:
            self.faults.add(node, "packs.formula_without_reduction")
        return steps

    def _step(self, name: str, line: Node) -> StepEntry:
        """``name: text`` for the reduction, ``name: {title, is: text}`` for a step with a title."""
        if isinstance(line.value, str):
            title = _REDUCTION_TITLE if name == REDUCTION else Text(name, name)
            return StepEntry(name, title, line.value, parse(line.value), line.place)
        block = Block(line, self.faults)
        title, text = block.titled("title"), block.text("is")
        block.close()
        return StepEntry(name, title, text, parse(text), line.place)

    def _conflict(self) -> str:
        """The class; properties that the pack restates must be those of the vocabulary."""
        node = self.block.get("conflict_class")
        if node is None:
            return ""
        block = None if isinstance(node.value, str) else Block(node, self.faults)
        name = node.scalar() if block is None else block.text("name")
        entry = self.shelf.classes.get(name)
        if entry is None:
            known = ", ".join(sorted(self.shelf.classes))
            self.faults.add(node, "packs.class_unknown", name=name, known=known)
            return ""
        if block is not None:
            self._restated(block, entry)
        return name

    def _restated(self, block: Block, entry: ClassEntry) -> None:
        once = entry.rules.once.name.lower() if entry.rules.once is not None else "never"
        truth = {
            "overlap": str(entry.rules.overlap).lower(),
            "once": once,
            "shared": str(entry.rules.shared).lower(),
        }
        for key, true in truth.items():
            said = block.text(key, required=False)
            if said and said != true:
                place = block.get(key) or block.node
                self.faults.add(
                    place,
                    "packs.class_contradicted",
                    name=entry.rules.name,
                    key=key,
                    said=said,
                    true=true,
                )
        block.close()

    def _durable(self) -> int | None:
        block = self.block.block("durable_use")
        if block is None:
            return None
        months = block.text("months")
        block.both("note", required=False)
        block.close()
        with self.faults.at(block.node):
            value = parse_decimal(months)
            if value.denominator != 1 or value < 1:
                raise Problem("packs.number_not_whole", text=months, unit="months")
            return value.numerator
        return None


def _read_input(name: str, block: Block) -> InputEntry:
    title, optional = block.titled("title"), block.flag("optional")
    sensitive = block.choice("sensitive", SENSITIVE_KINDS, default="")
    default_text = block.text("default", required=False)
    if optional != bool(default_text):
        raise Problem("packs.input_default", name=name)
    if block.get("values") is not None:
        entries = list(block.blocks("values"))
        titles = tuple(Text(b.text("zh"), b.text("en")) for _, b in entries)
        values = tuple(value for value, _ in entries)
        if default_text and default_text not in values:
            raise Problem("packs.input_default", name=name)
        default = values.index(default_text) if default_text else 0
        return InputEntry(
            name, title, None, 0, len(values) - 1, not optional, default, values, titles,
            block.node.place, sensitive,
        )  # fmt: skip
    unit_text = block.text("unit")
    unit = parse_unit(unit_text)
    if unit_text not in CANONICAL:
        known = ", ".join(CANONICAL)
        raise Problem("packs.unit_not_canonical", unit=unit_text, known=known)
    low, high = (
        parse_quantity(block.text(key), unit.dimensions, unit_text)
        for key in ("minimum", "maximum")
    )
    default = parse_quantity(default_text or "0", unit.dimensions, unit_text)
    if low > high or abs(high) >= 2**62 or abs(low) >= 2**62:
        raise Problem("packs.input_range_empty", name=name, minimum=low, maximum=high)
    if optional and not low <= default <= high:
        raise Problem("packs.input_default", name=name)
    return InputEntry(
        name, title, unit, low, high, not optional, default, (), (), block.node.place, sensitive,
    )  # fmt: skip


def _read_window(name: str, block: Block, inputs: Mapping[str, InputEntry]) -> Window:
    title, source = block.titled("title"), block.text("of")
    days = int(Fraction(parse_decimal(block.text("days"))))
    take = block.choice("take", ("mean", "sum", "last"))
    gaps = block.choice("gaps", ("skip", "zero", "reject"))
    block.both("note", required=False)
    if source not in inputs or inputs[source].unit is None:
        raise Problem("packs.window_input_unknown", name=name, input=source)
    if not 1 <= days <= _MAX_WINDOW_DAYS or (
        take == "mean" and gaps == "skip" and days > _MAX_SKIPPING_DAYS
    ):
        raise Problem("packs.window_days", name=name, days=days)
    if take == "last" and gaps != "zero":
        raise Problem("packs.window_last", name=name)
    return Window(name, title, source, days, take, gaps, block.node.place)
