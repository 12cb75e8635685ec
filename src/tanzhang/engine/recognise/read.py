"""Reads a recogniser from its YAML file, and finds everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from tanzhang.engine.mapping.spec import (
    NAMED_FORMATS,
    Choice,
    ExternalId,
    FieldMapping,
    FileFormat,
    Moment,
    Person,
)
from tanzhang.engine.packs import Fault, PackLibrary, ProgrammeFile
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.tree import Block, read_tree
from tanzhang.engine.recognise.codes import exclude_each_other
from tanzhang.engine.recognise.read_rules import RuleEntry, read_rule, read_when
from tanzhang.engine.recognise.spec import Recogniser, Rule, When
from tanzhang.problems import Problem

RECOGNISER_FILE = "recogniser.yaml"


class FaultyRules(Problem):
    """A recogniser cannot be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = faults[0]
        super().__init__(
            "recognise.rules_faulty",
            count=len(faults),
            first=first.code,
            file=str(first.file),
            line=first.line,
        )


@dataclass(frozen=True, slots=True)
class _Transactions:
    """What the file says of all transactions; ``base`` reads what every act needs."""

    columns: tuple[str, ...]
    complete: When
    reversed: When | None
    original: str
    base: FieldMapping


def read_recogniser(file: Path, library: PackLibrary) -> Recogniser:
    """The recogniser of a file, checked against the programme that it names.

    Raises FaultyRules with every fault, each with its line and what to do.
    """
    faults = Faults()
    with faults.at(Place(file, 1)):
        block = Block(read_tree(file), faults)
        found = _read(block, library)
        block.close()
        if not faults.found:
            return found
    raise FaultyRules(faults.sorted())


def _read(block: Block, library: PackLibrary) -> Recogniser:
    programme = _programme(block, library)
    partner, title = block.text("partner"), block.titled("title")
    if partner not in programme.partners:
        known = ", ".join(programme.partners)
        block.faults.add(
            block.get("partner") or block.node,
            "recognise.partner_unknown",
            partner=partner,
            programme=programme.id,
            known=known,
        )
    told = _transactions(block, programme)
    entries = [
        read_rule(name, entry, told.columns, programme, partner, library)
        for name, entry in block.blocks("rules")
    ]
    if not entries:
        block.faults.add(block.node, "packs.key_missing", key="rules")
    if not block.faults.found:  # what is misread may seem to overlap
        _check_apart(entries, block.faults)
    block.both("notes", required=False)
    return Recogniser(
        id=block.text("id"),
        version=block.text("version"),
        title=title,
        programme=programme.id,
        partner=partner,
        columns=told.columns,
        complete=told.complete,
        reversed=told.reversed,
        rules=tuple(_rule(entry, told) for entry in entries),
    )


def _programme(block: Block, library: PackLibrary) -> ProgrammeFile:
    """The programme that the file names; nothing can be checked without it."""
    name = block.text("programme")
    if name not in library.programmes:
        known = ", ".join(library.programmes)
        line = (block.get("programme") or block.node).line
        raise Problem("recognise.programme_unknown", programme=name, known=known, line=line)
    return library.programmes[name]


def _transactions(block: Block, programme: ProgrammeFile) -> _Transactions:
    told = block.block("transactions", required=True) or Block(block.node, block.faults)
    event, person = told.text("id"), told.text("person")
    time = told.block("time", required=True) or Block(told.node, block.faults)
    moment = Moment((time.text("column"),), time.choice("format", NAMED_FORMATS))
    time.close()
    others = [node.scalar() for node in told.items("columns")]
    back = told.block("reversed")
    original = back.text("original") if back else ""
    named = (event, person, *moment.columns, *others, original)
    columns = tuple(dict.fromkeys(name for name in named if name))
    complete = read_when(told, "complete", columns)
    reversal = read_when(back, "when", columns) if back else None
    if back:
        back.close()
    told.close()
    base = _base(event, person, moment, programme.rules.time_zone)
    return _Transactions(columns, complete, reversal, original, base)


def _base(event: str, person: str, moment: Moment, time_zone: str) -> FieldMapping:
    """How the row of any act is read. A time without an offset is one of the programme's clock."""
    return FieldMapping(
        id="",
        title_en="",
        title_zh="",
        programme=None,
        partner=None,
        file=FileFormat("csv", ",", time_zone, ambiguous="reject", missing="reject"),
        external_id=ExternalId(event, None),
        person=Person(person, (), 0, "", enrol=False, fictitious=False),
        scene=Choice("", None),
        started=moment,
        ended=None,
        grade=Choice(0, None),
        item_key=None,
        revision=None,
        withdrawn=None,
        inputs=(),
        rules=(),
    )


def _rule(entry: RuleEntry, told: _Transactions) -> Rule:
    act = replace(
        told.base,
        scene=Choice(entry.scene, None),
        grade=Choice(entry.grade, None),
        item_key=entry.item_key,
        inputs=entry.inputs,
    )
    back = None
    if told.reversed is not None:
        back = replace(act, external_id=ExternalId(told.original, None), inputs=())
    return Rule(entry.id, entry.title, entry.scene, entry.when, act, back)


def _check_apart(entries: Sequence[RuleEntry], faults: Faults) -> None:
    """No transaction may fit two rules: then their order says nothing, and none can hide one."""
    for first, second in combinations(entries, 2):
        if not exclude_each_other(first.when, second.when):
            faults.add(second.place, "recognise.rules_overlap", first=first.id, second=second.id)
