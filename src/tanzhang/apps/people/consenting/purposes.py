"""What consent may be for, as data: ``purposes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

COLLECT: Final = "collect"
SENSITIVE: Final = "sensitive"
SHARE: Final = "share_balance"
CROSS_BORDER: Final = "cross_border"
PHOTO: Final = "photo"
GUARDIAN: Final = "guardian"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. Titles and sentences are in ``zh`` and ``en``."""

    code: str
    per: str  #: ``source``, ``account`` or ``child``
    separate: bool  #: it needs a press of its own
    text: str  #: the code of its text
    title: Mapping[str, str]
    needed_for: Mapping[str, str]


@cache
def purposes() -> Mapping[str, Purpose]:
    """Every purpose by its code, in the order of the file."""
    text = files("tanzhang.apps.people.consenting").joinpath("purposes.yaml")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text.read_text(encoding="utf-8"))
    return {code: Purpose(code=code, **entry) for code, entry in loaded.items()}
