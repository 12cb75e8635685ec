"""What changes for people between two versions of a programme; a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tanzhang.engine.packs.changes import Change, both, change, compared, day, filled, room, word
from tanzhang.engine.packs.programmes import ProgrammeFile
from tanzhang.engine.packs.scenes import Scene
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.rules import Limit, Points, ProgrammeVersion
from tanzhang.engine.units import MASS, show_number, show_value


def programme_changes(
    file: ProgrammeFile, before: str | None, after: str, first: int
) -> tuple[Change, ...]:
    """The differences from version ``before`` (None: nothing is in force) to version ``after``.

    ``first`` is the local day from which ``after`` would count.
    """
    old, new = _version(file, before), _version(file, after)
    assert new is not None  # the caller names a version of the file
    return (
        *_first(before, first, file.rules.versions[-1].valid_to),
        *_scenes(file.scenes.get(before or "", {}), file.scenes[after], file.partners),
        *_limits(old, new),
        *_points(old.points if old else None, new.points),
    )


def _version(file: ProgrammeFile, name: str | None) -> ProgrammeVersion | None:
    return next((v for v in file.rules.versions if v.version == name), None)


def _first(before: str | None, first: int, end: int) -> Iterator[Change]:
    if before is None:
        yield change("programme_first")
        yield change("applies", first=day(first), end=day(end))
    else:
        yield change("follows", version=before, first=day(first))


def _scenes(
    before: Mapping[str, Scene], after: Mapping[str, Scene], partners: Mapping[str, Text]
) -> Iterator[Change]:
    for _, was, now in compared(before, after):
        if now is None:
            assert was is not None  # one side has it
            yield change("scene_removed", scene=was.title)
        elif was is None:
            kind = "scene_added" if now.connected else "scene_planned"
            yield change(kind, scene=now.title, pack=now.pack)
        else:
            yield from _scene(was, now, partners)


def _scene(was: Scene, now: Scene, partners: Mapping[str, Text]) -> Iterator[Change]:
    if was.connected != now.connected:
        kind = "scene_connected" if now.connected else "scene_disconnected"
        yield change(kind, scene=now.title, pack=now.pack)
    if was.pack != now.pack:
        old, new = was.pack or word("none"), now.pack or word("none")
        yield change("scene_pack", scene=now.title, old=old, new=new)
    if set(was.partners) != set(now.partners):
        yield change(
            "scene_partners",
            scene=now.title,
            old=_names(was.partners, partners),
            new=_names(now.partners, partners),
        )
    if (was.title, was.note) != (now.title, now.note):
        yield change("scene_text", scene=now.title)


def _names(codes: tuple[str, ...], partners: Mapping[str, Text]) -> Text:
    titles = [partners.get(code, both(code)) for code in codes] or [word("none")]
    return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))


def _limits(old: ProgrammeVersion | None, new: ProgrammeVersion) -> Iterator[Change]:
    before = {_limit_name(limit): limit for limit in old.limits} if old else {}
    after = {_limit_name(limit): limit for limit in new.limits}
    for name, was, now in compared(before, after):
        kind = "replaced" if "/" in name else "limit"  # see _limit_name
        if now is None:
            yield change(f"{kind}_removed", name=name, old=_room(was))
        elif was is None:
            yield change(f"{kind}_added", name=name, new=_room(now))
        else:
            yield change(kind, name=name, old=_room(was), new=_room(now))


def _limit_name(limit: Limit) -> str:
    return f"{limit.owner}/{limit.name}" if limit.from_pack else limit.name


def _room(limit: Limit | None) -> Text:
    if limit is None:
        return word("none")
    if limit.from_pack:
        return room(limit)
    return filled("scoped", room=room(limit), scope=word(f"scope_{limit.scope.name.lower()}"))


def _points(old: Points | None, new: Points) -> Iterator[Change]:
    before = _point_words(old) if old else {}
    for name, was, now in compared(before, _point_words(new)):
        title = both(name.partition("/")[2]) if "/" in name else word(f"points_{name}")
        yield change(
            "points" if old else "points_first",
            name=filled("points_per_act", pack=title) if "/" in name else title,
            old=was or word("none"),
            new=now or word("none"),
        )


def _point_words(points: Points) -> dict[str, Text]:
    """Every rule about points that says something, in words."""
    grams = Fraction(points.unit_mg, 1000)
    unit = Text(*(show_value(grams, MASS, lang) for lang in ("zh", "en")))
    expiry = points.expires_after_years
    words = {
        "unit": unit if points.unit_mg else None,
        "daily_max": _count(points.daily_max),
        "per_act_daily_max": _count(points.per_act_daily_max),
        "on_duplicate": word("yes") if points.on_duplicate else None,
        "available_after_days": _count(points.available_after_days or None),
        "expires_after_years": _count(expiry) if expiry is not None else None,
    }
    words |= {f"per_act/{pack}": _count(number) for pack, number in points.per_act.items()}
    return {name: said for name, said in words.items() if said is not None}


def _count(number: int | None) -> Text | None:
    return None if number is None else both(show_number(Fraction(number)))
