"""Which scenes are judged, and by what their packs say against fabricated acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.packs.definition import AuthenticityEntry


@dataclass(frozen=True, slots=True)
class Section:
    """The section of one pack version, for acts of local days [first, end)."""

    pack: str
    pack_id: int
    version_id: int
    first: int
    end: int
    entry: AuthenticityEntry


def judged_scenes(rules: RulesInForce, programme: str) -> dict[str, str]:
    """The scenes of a programme whose acts are judged, each with its pack."""
    versions = rules.programme_file(programme).scenes.values()
    return {
        scene.id: scene.pack for scenes in versions for scene in scenes.values() if scene.judged
    }


def sections(rules: RulesInForce, packs: Iterable[str] | None = None) -> list[Section]:
    """The sections of pack versions in force, of all packs or of some."""
    found: list[Section] = []
    place = 0
    for code, versions in rules.rulebook.packs.items():
        for version in versions:
            number = int(rules.version_ids[place])
            place += 1
            if packs is not None and code not in packs:
                continue
            edition = rules.edition(code, number)
            if edition is None or edition.definition.authenticity is None:
                continue
            found.append(
                Section(
                    code,
                    rules.pack_ids[code],
                    number,
                    version.valid_from,
                    version.valid_to,
                    edition.definition.authenticity,
                )
            )
    return found


def signals_read(rules: RulesInForce, programme: str) -> frozenset[str]:
    """Every signal that some judged scene of a programme needs: nothing else is kept of any."""
    packs = set(judged_scenes(rules, programme).values())
    return frozenset(
        name for section in sections(rules, packs) for name in section.entry.rules.signals
    )
