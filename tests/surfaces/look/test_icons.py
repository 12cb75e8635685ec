"""Every scene of every programme has an icon, and every icon that is named is drawn."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tanzhang.surfaces.look import icons

PROGRAMMES = Path(__file__).parents[3] / "packs" / "programmes"

#: What a page must be able to show.
NEEDED = (
    "metro bus bike ebike walk charge card bill payment takeaway waybill appliance meeting"
    " electricity recycle invoice paper home records me why back check clock shield warning"
    " external"
)


def test_all_icons_that_pages_need_are_drawn_once() -> None:
    symbols = ElementTree.parse(icons.SPRITE).getroot()
    names = [symbol.attrib["id"] for symbol in symbols]
    assert len(names) == len(set(names)) == len(icons.drawn())
    assert set(NEEDED.split()) <= icons.drawn()
    assert {symbol.attrib["viewBox"] for symbol in symbols} == {"0 0 24 24"}


def test_icons_take_their_colour_from_the_page() -> None:
    text = icons.SPRITE.read_text(encoding="utf-8")
    assert "stroke=" not in text and "fill=" not in text and "style=" not in text


@pytest.mark.parametrize(
    ("scene", "icon"),
    [
        ("metro", "metro"),
        ("shared-bike", "bike"),
        ("shared-ebike", "ebike"),
        ("utility-payment", "payment"),
        ("e-waybill", "waybill"),
        ("e-bill", "bill"),
        ("bike-beijing", "bike"),
        ("something-new", "leaf"),
    ],
)
def test_a_scene_has_the_icon_of_its_kind(scene: str, icon: str) -> None:
    assert icons.of_scene(scene) == icon


def test_every_scene_of_the_demonstration_has_an_icon_that_is_drawn() -> None:
    text = (PROGRAMMES / "citic" / "programme.yaml").read_text(encoding="utf-8")
    scenes = {scene for version in yaml.safe_load(text)["versions"] for scene in version["scenes"]}
    assert len(scenes) > 10
    chosen = {scene: icons.of_scene(scene) for scene in scenes}
    assert set(chosen.values()) <= icons.drawn()
    assert [scene for scene, icon in chosen.items() if icon == "leaf"] == []
