"""Reads one rule of a recogniser: which transactions fit it, and what an act takes from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tanzhang.engine.mapping.spec import Choice, InputRule, Number
from tanzhang.engine.packs import PackLibrary, ProgrammeFile, Text
from tanzhang.engine.packs.faults import Place
from tanzhang.engine.packs.tree import Block, Node
from tanzhang.engine.recognise.codes import WIDEST_RANGE
from tanzhang.engine.recognise.spec import CodeTest, When
from tanzhang.engine.units import parse_decimal
from tanzhang.problems import Problem

HIGHEST_GRADE = 9


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule as the file states it."""

    id: str
    title: Text
    scene: str
    when: When
    grade: int
    item_key: str | None
    inputs: tuple[InputRule, ...]
    place: Place


def read_rule(
    name: str,
    entry: Block,
    columns: Sequence[str],
    programme: ProgrammeFile,
    partner: str,
    library: PackLibrary,
) -> RuleEntry:
    """The rule under a name, checked against its scene and the scene's pack."""
    when = read_when(entry, "when", columns)
    if not when:
        entry.faults.add(entry.node, "recognise.rule_fits_all", rule=name)
    item_key = entry.text("item_key", required=False) or None
    if item_key:
        _known(item_key, entry.get("item_key") or entry.node, entry, columns)
    read = RuleEntry(
        id=name,
        title=entry.titled("title"),
        scene=entry.text("scene"),
        when=when,
        grade=_whole(entry, "evidence_grade", 0, HIGHEST_GRADE),
        item_key=item_key,
        inputs=tuple(_inputs(entry, columns)),
        place=entry.node.place,
    )
    _check_scene(read, entry, programme, partner, library)
    entry.close()
    return read


def read_when(block: Block, key: str, columns: Sequence[str]) -> When:
    """What columns have to hold: ``column: code``, ``column: [codes]`` or ``column: {test: …}``."""
    inner = block.block(key)
    found: dict[str, CodeTest] = {}
    for column, node in (inner.entries if inner else {}).items():
        _known(column, node, block, columns)
        with block.faults.at(node):
            found[column] = _test(node, block)
    return found


def _test(node: Node, block: Block) -> CodeTest:
    if isinstance(node.value, str):
        return CodeTest(among=frozenset({_code(node)}))
    if isinstance(node.value, tuple):
        return CodeTest(among=frozenset(_code(item) for item in node.value))
    told = Block(node, block.faults)
    among, begins, without = (_codes(told, key) for key in ("is", "begins", "is_not"))
    ends = [_code(item) for item in told.items("between")]
    above = told.text("above", required=False)
    told.close()
    if not (among or begins or without or ends or above):
        raise Problem("recognise.test_empty")
    return CodeTest(
        among=frozenset(among) if among else None,
        begins=begins,
        between=_range(ends) if ends else None,
        without=frozenset(without),
        above=parse_decimal(above) if above else None,
    )


def _codes(told: Block, key: str) -> tuple[str, ...]:
    """One code or a list of codes; none where the key is missing."""
    node = told.get(key)
    if node is None:
        return ()
    return tuple(_code(n) for n in (node.value if isinstance(node.value, tuple) else (node,)))


def _code(node: Node) -> str:
    """A code as it is written; a code that is empty would fit nothing."""
    text = node.scalar().strip()
    if not text:
        raise Problem("recognise.code_empty")
    return text


def _range(ends: list[str]) -> tuple[str, str]:
    """Two numbers of equal length, such as 4814 and 4899."""
    sound = len(ends) == 2 and all(end.isascii() and end.isdigit() for end in ends)
    if not sound or len(ends[0]) != len(ends[1]) or ends[0] > ends[1]:
        raise Problem("recognise.range_malformed", text=", ".join(ends))
    if int(ends[1]) - int(ends[0]) >= WIDEST_RANGE:
        raise Problem("recognise.range_too_wide", text=", ".join(ends), most=WIDEST_RANGE)
    return ends[0], ends[1]


def _inputs(entry: Block, columns: Sequence[str]) -> Iterator[InputRule]:
    """``name: 1`` for a fixed number, ``name: {column: km, times: 1000}`` for a measured one."""
    inner = entry.block("inputs")
    for name, node in (inner.entries if inner else {}).items():
        with entry.faults.at(node):
            if isinstance(node.value, str):
                number = parse_decimal(node.value)
                if number.denominator != 1:
                    raise Problem("packs.number_not_whole", text=node.value, unit="1")
                constant = Choice(number.numerator, None)
                yield InputRule(name, constant, required=True, negative=False)
                continue
            told = Block(node, entry.faults)
            column, times = told.text("column"), told.text("times", required=False)
            told.close()
            _known(column, node, entry, columns)
            source = Number(column, parse_decimal(times) if times else Fraction(1))
            yield InputRule(name, source, required=True, negative=False)


def _known(column: str, node: Node, block: Block, columns: Sequence[str]) -> None:
    if column not in columns:
        known = ", ".join(columns)
        block.faults.add(node, "recognise.column_unknown", column=column, known=known)


def _whole(entry: Block, key: str, least: int, most: int) -> int:
    text = entry.text(key)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    if text:
        node = entry.get(key) or entry.node
        entry.faults.add(node, "recognise.grade_malformed", text=text, most=most)
    return 0


def _check_scene(
    rule: RuleEntry, entry: Block, programme: ProgrammeFile, partner: str, library: PackLibrary
) -> None:
    """A rule names a scene of the programme; if it is connected, one that the partner reports."""
    node = entry.get("scene") or entry.node
    found = [scenes[rule.scene] for scenes in programme.scenes.values() if rule.scene in scenes]
    if not found:
        known = ", ".join(dict.fromkeys(s for scenes in programme.scenes.values() for s in scenes))
        entry.faults.add(
            node,
            "recognise.scene_unknown",
            scene=rule.scene,
            programme=programme.id,
            known=known,
        )
    connected = [scene for scene in found if scene.connected]
    if connected and not any(partner in scene.partners for scene in connected):
        entry.faults.add(node, "recognise.scene_not_reported", scene=rule.scene, partner=partner)
    for pack in dict.fromkeys(scene.pack for scene in connected):
        _check_pack(rule, entry, pack, library)


def _check_pack(rule: RuleEntry, entry: Block, pack: str, library: PackLibrary) -> None:
    """A rule gives the inputs that the pack needs and no others, and the thing if it needs one."""
    definition = library.packs[pack][-1].definition
    declared = {declared.name: declared for declared in definition.inputs}
    given = {rule_input.name for rule_input in rule.inputs}
    place = entry.get("inputs") or entry.node
    for name in sorted(given - declared.keys()):
        known = ", ".join(declared)
        entry.faults.add(place, "recognise.input_unknown", input=name, pack=pack, known=known)
    for name in sorted(declared.keys() - given):
        if declared[name].required:
            entry.faults.add(place, "recognise.input_missing", input=name, pack=pack)
    if definition.item_key is not None and rule.item_key is None:
        entry.faults.add(entry.node, "recognise.item_key_missing", pack=pack)
