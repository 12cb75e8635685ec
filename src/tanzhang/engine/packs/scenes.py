"""Scenes of a programme: which pack counts their acts, and whether they are connected yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tanzhang.engine.packs.compiled import CompiledPack
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.tree import Block, Text

Packs = Mapping[str, tuple[CompiledPack, ...]]

#: Whether acts of a scene are accepted, or the scene is only announced.
CONNECTED, PLANNED = "connected", "planned"

#: A methodology that is in one of these was never published.
UNPUBLISHED = ("draft", "reviewed")


@dataclass(frozen=True, slots=True)
class Scene:
    """A 场景: which pack counts it, which partners may report it, and whether they may already.

    A planned scene is shown and accepts nothing; it may lack its pack and its partners.
    """

    id: str
    title: Text
    pack: str
    partners: tuple[str, ...]
    note: Text | None
    state: str = CONNECTED
    #: Its acts are judged by what their pack says against fabricated acts, and their signals kept.
    judged: bool = False
    place: Place | None = field(default=None, compare=False)

    @property
    def connected(self) -> bool:
        return self.state == CONNECTED


def read_scenes(block: Block, partners: Mapping[str, Text], packs: Packs) -> Iterator[Scene]:
    """The scenes of one version of a programme."""
    for scene_id, entry in block.blocks("scenes"):
        state = entry.choice("state", (CONNECTED, PLANNED), default=CONNECTED)
        required = state == CONNECTED
        pack = entry.text("pack", required=required)
        if pack not in packs and (pack or required):
            known = ", ".join(packs)
            entry.faults.add(entry.node, "packs.pack_unknown", pack=pack, known=known)
        codes = tuple(node.scalar() for node in entry.items("partners", required=required))
        for code in codes:
            if code not in partners:
                entry.faults.add(entry.node, "packs.partner_unknown", partner=code, scene=scene_id)
        title, note = entry.titled("title"), entry.both("note", required=False)
        judged = entry.flag("judged")
        entry.close()
        yield Scene(scene_id, title, pack, codes, note, state, judged, entry.node.place)


def check_ready(
    scene: Scene, editions: Sequence[CompiledPack], days: tuple[int, int], faults: Faults
) -> None:
    """A scene is connected only if its methodology is published, reviewed and in force with it."""
    if not scene.connected or not editions or scene.place is None:
        return
    published = [e for e in editions if e.definition.status not in UNPUBLISHED]
    reviewed = [e for e in published if e.definition.review is not None]
    code = "packs.scene_pack_not_in_force"
    if not published:
        code = "packs.scene_pack_unpublished"
    elif not reviewed:
        code = "packs.scene_pack_unreviewed"
    elif any(e.rules.valid_from < days[1] and days[0] < e.rules.valid_to for e in reviewed):
        return
    faults.add(scene.place, code, scene=scene.id, pack=scene.pack)
