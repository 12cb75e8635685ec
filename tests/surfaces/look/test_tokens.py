"""The colours are readable in both themes, computed from the file that the pages use."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import tanzhang.surfaces.look

STATIC = Path(tanzhang.surfaces.look.__file__).parent / "static" / "look"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
TONES = ("green", "ochre", "blue", "plum", "rust", "grey")


def block(head: str) -> dict[str, str]:
    """The custom properties of the first block that begins with ``head``."""
    body = TOKENS.split(head, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


LIGHT = block(":root {")
DARK = block(':root:not([data-theme="light"]) {')
THEMES = {"light": LIGHT, "dark": LIGHT | DARK}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, of ``#rrggbb``."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio as WCAG 2.2 defines it: 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


TEXT_PAIRS = [
    *product(("ink", "ink-soft", "green", "rust", "ochre"), ("paper", "sheet", "inset")),
    *((tone, f"{tone}-wash") for tone in TONES),
    *((ink, f"{tone}-wash") for ink, tone in product(("ink", "ink-soft"), TONES)),
    *((tone, "sheet") for tone in TONES),
    ("on-green", "green"),
    ("on-green", "green-strong"),
]
EDGE_PAIRS = [("edge", "sheet"), ("edge", "paper"), ("green", "sheet"), ("green", "inset")]


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_enough_contrast_on_every_surface_it_lies_on(theme: str) -> None:
    tokens = THEMES[theme]
    faults = {
        pair: round(found, 2)
        for pair in TEXT_PAIRS
        if (found := contrast(*(tokens[f"--{name}"] for name in pair))) < 4.5
    }
    assert faults == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_have_enough_contrast(theme: str) -> None:
    tokens = THEMES[theme]
    faults = {
        pair: round(found, 2)
        for pair in EDGE_PAIRS
        if (found := contrast(*(tokens[f"--{name}"] for name in pair))) < 3
    }
    assert faults == {}


def test_dark_by_hand_is_dark_by_the_device() -> None:
    assert block(':root[data-theme="dark"] {') == DARK
    assert DARK.keys() == {name for name, value in LIGHT.items() if value.startswith(("#", "rgba"))}


def test_points_and_grams_never_share_a_colour() -> None:
    rules = (STATIC / "parts.css").read_text(encoding="utf-8")
    assert re.search(r"^\.amount \{\n  color: var\(--green\);", rules, re.MULTILINE)
    assert re.search(r"^\.points \{\n  color: var\(--ochre\);", rules, re.MULTILINE)
    assert all(tokens["--green"] != tokens["--ochre"] for tokens in THEMES.values())


def test_no_style_sheet_but_the_tokens_names_a_colour_or_a_token_that_is_not_there() -> None:
    for file in STATIC.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        used = set(re.findall(r"var\((--[\w-]+)", text))
        assert used - LIGHT.keys() == set(), file.name
        if file.name != "tokens.css":
            assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", text) == [], file.name


def test_sides_are_logical_so_that_no_page_minds_the_direction_of_writing() -> None:
    physical = r"(?:margin|padding|border)-(?:left|right|top|bottom)|^\s*(?:left|right|width):"
    for file in STATIC.glob("*.css"):
        assert re.findall(physical, file.read_text(encoding="utf-8"), re.MULTILINE) == [], file.name


def test_the_colour_of_the_browsers_bar_is_that_of_the_paper() -> None:
    base = Path(tanzhang.surfaces.look.__file__).parent / "templates" / "look" / "base.html"
    named = set(re.findall(r'theme-color"[^>]*content="(#\w+)"', base.read_text(encoding="utf-8")))
    assert named == {tokens["--paper"] for tokens in THEMES.values()}
