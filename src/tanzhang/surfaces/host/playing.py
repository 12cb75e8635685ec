"""What a visitor may let her customer do: one tap, and a partner reports an act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tanzhang.apps.activities.api import heading
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.surfaces.host.customers import PROGRAMME

#: Scenes that can be played by hand, in the order of the buttons.
SCENES: Final = (
    "metro",
    "shared-bike",
    "bus",
    "utility-payment",
    "e-bill",
    "take-away",
    "online-meeting",
    "walking",
)


@dataclass(frozen=True, slots=True)
class Play:
    """One button."""

    scene: str
    title: str


def plays(rules: RulesInForce, lang: str) -> Iterator[Play]:
    """The buttons whose scenes are connected."""
    connected = rules.programme(PROGRAMME).versions[-1].scenes
    for scene in SCENES:
        if scene in connected:
            yield Play(scene, heading(rules.scene_title(PROGRAMME, scene)[lang]))
