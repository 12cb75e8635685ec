"""Reads a programme (碳普惠机制): scenes, who may report them, limits and points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tanzhang.engine.packs.accounts import AccountKindEntry, read_accounts
from tanzhang.engine.packs.definition import LimitEntry, Mark
from tanzhang.engine.packs.faults import Faults, FaultyPacks, Place
from tanzhang.engine.packs.joining.read import read_joining
from tanzhang.engine.packs.joining.section import Joining
from tanzhang.engine.packs.read_factors import read_mark
from tanzhang.engine.packs.read_rules import read_limits, read_room
from tanzhang.engine.packs.scenes import Packs, Scene, check_ready, read_scenes
from tanzhang.engine.packs.tree import Block, Node, Text, read_tree
from tanzhang.engine.rules import FOR_EVER, Limit, Points, Programme, ProgrammeVersion
from tanzhang.engine.units import MASS, parse_decimal, parse_measure
from tanzhang.problems import Problem

PROGRAMME_FILE = "programme.yaml"


#: How a partner's ids carry their own time; part of every event key, so it never changes.
ID_TIMES = ("none", "uuid7", "ulid", "date8")


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """A programme as files state it; ``rules`` is what settlement reads.

    The rules of a version name its connected scenes only.
    """

    id: str
    title: Text
    operator: Text
    notes: Text
    partners: Mapping[str, Text]  #: partner code -> title
    id_times: Mapping[str, str]  #: partner code -> how its ids carry time, one of ID_TIMES
    rules: Programme
    #: Version -> scene id -> scene.
    scenes: Mapping[str, Mapping[str, Scene]]
    limits: Mapping[str, tuple[LimitEntry, ...]] = field(repr=False)
    points_marks: Mapping[str, Mark] = field(repr=False)
    accounts: Mapping[str, AccountKindEntry] = field(repr=False)  #: by kind, one of ACCOUNT_KINDS
    joining: Joining = field(default_factory=Joining, repr=False)
    #: The files that made it, by their names in ``programmes/<id>`` of a packs folder.
    files: Mapping[str, Path] = field(default_factory=dict, compare=False)

    def may_report(self, partner: str, scene: str) -> bool:
        """Whether a partner may report acts of a scene, in any version."""
        found = (scenes.get(scene) for scenes in self.scenes.values())
        return any(partner in known.partners for known in found if known is not None)


@dataclass(frozen=True, slots=True)
class _Version:
    rules: ProgrammeVersion
    scenes: Mapping[str, Scene]
    limits: tuple[LimitEntry, ...]
    points_mark: Mark
    place: Place


def read_programme(
    file: Path, packs: Packs, faults: Faults, *, anywhere: bool = False
) -> ProgrammeFile | None:
    """The programme of a file; None where it is too broken to use.

    Its folder has its name, unless the file may lie ``anywhere``.
    """
    before = len(faults.found)
    with faults.at(Place(file, 1)):
        block = Block(read_tree(file), faults)
        programme_id = block.text("id")
        if programme_id != file.parent.name and not anywhere:
            faults.add(block.node, "packs.id_differs", id=programme_id, folder=file.parent.name)
        if programme_id in packs:
            faults.add(block.node, "packs.programme_named_as_pack", id=programme_id)
        zone = block.text("time_zone")
        _check_zone(zone, block)
        partners, id_times = {}, {}
        for code, partner in block.blocks("partners"):
            partners[code] = partner.titled("title")
            id_times[code] = partner.choice("id_time", ID_TIMES, default="none")
            partner.close()
        versions = [
            _read_version(Block(node, faults), programme_id, partners, packs)
            for node in block.items("versions", required=True)
        ]
        if not versions:
            faults.add(block.node, "packs.key_missing", key="versions")
        _check_versions(versions, faults)
        versions = _ended(versions)
        accounts = read_accounts(block)
        scenes = {version.rules.version: version.scenes for version in versions}
        programme = ProgrammeFile(
            id=programme_id,
            title=block.titled("title"),
            operator=block.titled("operator"),
            notes=block.titled("notes"),
            partners=partners,
            id_times=id_times,
            rules=Programme(programme_id, zone, tuple(v.rules for v in versions)),
            scenes=scenes,
            limits={version.rules.version: version.limits for version in versions},
            points_marks={version.rules.version: version.points_mark for version in versions},
            accounts=accounts,
            joining=read_joining(block, partners=partners, accounts=accounts, scenes=scenes),
            files=_files(file),
        )
        block.close()
        if len(faults.found) == before:
            return programme
    return None


def add_programme(library_packs: Packs, file: Path) -> ProgrammeFile:
    """A programme from a file anywhere, with these packs. Raises FaultyPacks with every fault."""
    faults = Faults()
    found = read_programme(file, library_packs, faults, anywhere=True)
    if found is None or faults.found:
        raise FaultyPacks(faults.sorted())
    return found


def _files(file: Path) -> Mapping[str, Path]:
    """The programme's file, and the others of its folder if the folder is a programme's."""
    if file.name != PROGRAMME_FILE:
        return {PROGRAMME_FILE: file}
    return {other.name: other for other in sorted(file.parent.glob("*.yaml"))}


def _check_zone(zone: str, block: Block) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        block.faults.add(block.get("time_zone") or block.node, "packs.time_zone_unknown", zone=zone)


def _read_version(
    block: Block, programme_id: str, partners: Mapping[str, Text], packs: Packs
) -> _Version:
    scenes = {scene.id: scene for scene in read_scenes(block, partners, packs)}
    days = (block.day("valid_from", required=True), block.day("valid_to", default=FOR_EVER))
    for scene in scenes.values():
        check_ready(scene, packs.get(scene.pack, ()), days, block.faults)
    limits = tuple(read_limits(block, programme_id, from_pack=False))
    replacing = tuple(_read_replacing(block, packs))
    points, mark = _read_points(block)
    rules = ProgrammeVersion(
        version=block.text("version"),
        valid_from=days[0],
        valid_to=days[1],
        scenes={scene.id: scene.pack for scene in scenes.values() if scene.connected},
        limits=(*(entry.rules for entry in limits), *replacing),
        points=points,
    )
    block.close()
    return _Version(rules, scenes, limits, mark, block.node.place)


def _read_replacing(block: Block, packs: Packs) -> Iterator[Limit]:
    """Limits of packs to which the programme gives a new value (design §10.14)."""
    seen: set[tuple[str, str]] = set()
    for node in block.items("replaces"):
        with block.faults.at(node):
            limit = _read_replacement(Block(node, block.faults), packs)
            if (limit.owner, limit.name) in seen:
                raise Problem("packs.limit_repeated", name=limit.name)
            seen.add((limit.owner, limit.name))
            yield limit


def _read_replacement(block: Block, packs: Packs) -> Limit:
    pack_id, name = block.text("pack"), block.text("limit")
    known = {
        limit.name: limit for edition in packs.get(pack_id, ()) for limit in edition.rules.limits
    }
    read_mark(block)
    kind, value = read_room(name, block)
    block.close()
    if name not in known or known[name].kind is not kind:
        raise Problem("packs.limit_unknown", name=name, pack=pack_id)
    return replace(known[name], value=value)


def _read_points(block: Block) -> tuple[Points, Mark]:
    inner = block.block("points", required=True)
    if inner is None:
        return Points(), Mark("", Text("", ""), "")
    mark = read_mark(inner)
    inner.both("note", required=False)
    unit_text = inner.text("grams_per_point", required=False)
    unit_mg = parse_measure(unit_text, MASS, "g") * 1000 if unit_text else parse_decimal("0")
    if unit_mg.denominator != 1:
        raise Problem("packs.number_not_whole", text=unit_text, unit="mg")
    per_act = inner.block("per_act")
    entries: Mapping[str, Node] = per_act.entries if per_act else {}
    points = Points(
        unit_mg=unit_mg.numerator,
        daily_max=_whole(inner, "daily_max"),
        per_act={pack: _integer(node.scalar()) for pack, node in entries.items()},
        per_act_daily_max=_whole(inner, "per_act_daily_max"),
        on_duplicate=inner.flag("on_duplicate"),
        available_after_days=_whole(inner, "available_after_days") or 0,
        expires_after_years=_whole(inner, "expires_after_years"),
    )
    inner.close()
    return points, mark


def _whole(block: Block, key: str) -> int | None:
    text = block.text(key, required=False)
    return _integer(text) if text else None


def _integer(text: str) -> int:
    value = parse_decimal(text)
    if value.denominator != 1 or value < 0:
        raise Problem("packs.number_not_whole", text=text, unit="1")
    return value.numerator


def _ended(versions: list[_Version]) -> list[_Version]:
    """The versions, each ending where the next begins."""
    starts = [version.rules.valid_from for version in versions[1:]]
    ends = [*starts, *(version.rules.valid_to for version in versions[-1:])]
    return [
        replace(version, rules=replace(version.rules, valid_to=end))
        for version, end in zip(versions, ends, strict=True)
    ]


def _check_versions(versions: list[_Version], faults: Faults) -> None:
    """Versions stand from old to new, without a gap; limits keep what they count.

    A version ends where the next begins: it need not say so, but must not say anything else.
    """
    seen: dict[str, Limit] = {}
    for version in versions:
        for entry in version.limits:
            limit = entry.rules
            first = seen.setdefault(limit.name, limit)
            if replace(first, value=limit.value, whole=limit.whole) != limit:
                faults.add(entry.place, "packs.limit_changed", name=limit.name)
    for earlier, later in pairwise(versions):
        start = later.rules.valid_from
        if earlier.rules.valid_to not in (start, FOR_EVER) or start <= earlier.rules.valid_from:
            faults.add(
                later.place,
                "packs.programme_versions_gap",
                version=later.rules.version,
                other=earlier.rules.version,
            )
