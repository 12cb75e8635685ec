"""Outcomes in words: statuses, reasons, cuts and causes, in Chinese and English."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tanzhang.engine.units import show_number


def say(group: str, name: str, lang: str, /, **details: Any) -> str:
    """The sentence of one group (``status``, ``reason``, …) with its placeholders filled."""
    sentence: str = _words()[group][name][lang]
    return sentence.format(**details)


def reason_sentence(reason: str, lang: str) -> str:
    """The sentence of a reason's name, as a statement or a story gives it."""
    if reason in _words()["reason"]:
        return say("reason", reason, lang)
    return say("reason", "bound", lang, bound=reason)


def day_in_words(day: date, lang: str) -> str:
    """A day as a sentence names it: ``2 May 2025``, 2025年5月2日."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B %Y}"


def grams(milligrams: int, lang: str) -> str:
    """An exact mass in grams: ``112.01 g``, 112.01 克."""
    return f"{show_number(Fraction(milligrams, 1000))} {'克' if lang == 'zh' else 'g'}"


def kilograms(milligrams: int, lang: str) -> str:
    """The same exact mass in kilograms: ``0.11201 kg``, 0.11201 千克."""
    number = show_number(Fraction(milligrams, 1_000_000))
    return f"{number} {'千克' if lang == 'zh' else 'kg'}"


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    text = files("tanzhang.apps.activities").joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded
