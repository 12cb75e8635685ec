"""What a document proves and what it doesn't, in words that the document itself carries."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def meaning(document: str) -> dict[str, Any]:
    """``{"en": {"proves": […], "does_not_prove": […]}, "zh": …}`` for one kind of document."""
    return deepcopy(_words()[document])


@cache
def _words() -> dict[str, dict[str, Any]]:
    text = files("tanzhang.proofs").joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return loaded
