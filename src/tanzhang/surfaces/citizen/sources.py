"""The sources of a programme as citizens read them: who reports, and what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.partners.api import partner_codes


@dataclass(frozen=True, slots=True)
class Source:
    """A partner with the titles of the scenes that it may report."""

    partner_id: int
    code: str
    title: str
    scenes: tuple[str, ...]


def sources(
    programme: str, rules: RulesInForce, lang: str, partner_ids: Collection[int]
) -> list[Source]:
    """These partners, in the order of the programme's file, by its latest version."""
    file = rules.programme_file(programme)
    numbers = {code: number for number, code in partner_codes().items()}
    scenes = [*file.scenes.values()][-1].values()
    return [
        Source(
            numbers[code],
            code,
            title[lang],
            tuple(
                scene.title[lang] for scene in scenes if scene.connected and code in scene.partners
            ),
        )
        for code, title in file.partners.items()
        if numbers.get(code) in partner_ids
    ]
