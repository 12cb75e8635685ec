"""Golden events: what is sent, and the milligrams that must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Golden:
    """One event of one pack.

    ``item``: it needs the key of a shared thing. ``again``: one citizen may do it any day.
    ``example`` are the inputs as the pack's own example writes them.
    """

    pack: str
    inputs: Mapping[str, int]
    reduction_mg: int
    example: Mapping[str, Any]
    minutes: int
    item: bool
    again: bool


@cache
def golden() -> tuple[Golden, ...]:
    """All golden events, in the order of the file."""
    text = files("tanzhang.workbench.conformance").joinpath("golden.yaml").read_text("utf-8")
    return tuple(
        Golden(
            pack=entry["pack"],
            inputs=entry["inputs"],
            reduction_mg=entry["reduction_mg"],
            example=entry.get("example", entry["inputs"]),
            minutes=entry.get("minutes", 60),
            item=entry.get("item", False),
            again=entry.get("again", True),
        )
        for entry in yaml.safe_load(text)
    )
