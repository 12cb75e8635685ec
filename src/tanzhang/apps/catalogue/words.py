"""Activations in words, in Chinese and English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


def say(group: str, name: str, lang: str, /, **details: str) -> str:
    """The sentence of one group with its placeholders filled."""
    return _words()[group][name][lang].format(**details)


def state_words(state: str, lang: str) -> str:
    """A version's state (``VersionEntry.state``) as people read it."""
    return say("state", state, lang)


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    text = files("tanzhang.apps.catalogue").joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded
