"""The sources of a programme as citizens read them: who reports, and what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tanzhang.apps.activities.api import heading
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
    programme: str,
    rules: RulesInForce,
    lang: str,
    partner_ids: Collection[int],
    hidden: Collection[str] = (),
) -> list[Source]:
    """These partners, in the order of the programme's file, by its latest version.

    A scene with a note counts acts of another scene by other figures: nothing more is collected for
    it, and a citizen need not read it. Nor need she read of ``hidden`` scenes, which others try.
    """
    file = rules.programme_file(programme)
    numbers = {code: number for number, code in partner_codes().items()}
    latest = [*file.scenes.values()][-1].values()
    known = (scene for scene in latest if scene.connected and scene.note is None)
    scenes = [scene for scene in known if scene.id not in hidden]
    return [
        Source(
            numbers[code],
            code,
            heading(title[lang]),
            tuple(scene.title[lang] for scene in scenes if code in scene.partners),
        )
        for code, title in file.partners.items()
        if numbers.get(code) in partner_ids
    ]
