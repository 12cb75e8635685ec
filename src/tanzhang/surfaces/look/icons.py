"""Which icon stands for what. The drawings are the symbols of ``static/look/icons.svg``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "look" / "icons.svg"

#: A scene's id holds one of these words; the first that it holds decides.
_SCENES = (
    ("ebike", "ebike"),
    ("bike", "bike"),
    ("metro", "metro"),
    ("bus", "bus"),
    ("ride", "bus"),
    ("walk", "walk"),
    ("step", "walk"),
    ("charg", "charge"),
    ("card", "card"),
    ("waybill", "waybill"),
    ("invoice", "invoice"),
    ("bill", "bill"),
    ("paperless", "paper"),
    ("payment", "payment"),
    ("take-away", "takeaway"),
    ("takeaway", "takeaway"),
    ("appliance", "appliance"),
    ("meeting", "meeting"),
    ("electricity", "electricity"),
    ("recycl", "recycle"),
)


@cache
def drawn() -> frozenset[str]:
    """The names of all icons."""
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text(encoding="utf-8")))


def of_scene(scene: str) -> str:
    """The icon of a scene by its id; a leaf for one that no drawing fits."""
    return next((icon for word, icon in _SCENES if word in scene), "leaf")
