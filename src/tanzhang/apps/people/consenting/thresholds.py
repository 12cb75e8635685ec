"""From how many people on the law asks for more, beside how many there are.

The numbers stand in ``thresholds.yaml``, each with the article that it comes from, and change with
the program's version alone. For sensitive data given abroad there are lower ones, which nothing
here reaches: only balances are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tanzhang.apps.people.consenting.volumes import Volumes

_KEYS: Final = {"count", "from_people", "law", "duty"}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of people; ``law`` says where it stands, ``duty`` what is to be done, zh and en.

    ``count`` names one of the numbers of ``Volumes``.
    """

    code: str
    count: str
    from_people: int
    law: Mapping[str, str]
    duty: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """A threshold, and how many people there are."""

    threshold: Threshold
    people: int

    @property
    def is_passed(self) -> bool:
        """Whether the law asks for more."""
        return self.people >= self.threshold.from_people


def measured_thresholds(found: Volumes) -> list[Measured]:
    """Each threshold beside its number of people, in the order of the file."""
    return [Measured(each, getattr(found, each.count)) for each in _thresholds()]


@cache
def _thresholds() -> tuple[Threshold, ...]:
    said: Any = yaml.safe_load((Path(__file__).parent / "thresholds.yaml").read_text("utf-8"))
    return tuple(parsed(code, entry) for code, entry in (said or {}).items())


def parsed(code: str, said: Mapping[str, Any]) -> Threshold:
    """One entry of the file. Raises ``ValueError`` with what is wrong with it."""
    if said.keys() != _KEYS:
        raise ValueError(f"{code}: its words are {sorted(_KEYS)}")
    if said["count"] not in {each.name for each in fields(Volumes)}:
        raise ValueError(f"{code}: nobody counts {said['count']!r}")
    if type(said["from_people"]) is not int or said["from_people"] < 1:
        raise ValueError(f"{code}: from_people is a whole number of people")
    for part in ("law", "duty"):
        if said[part].keys() != {"zh", "en"}:
            raise ValueError(f"{code}: its {part} needs zh and en")
    return Threshold(code, said["count"], said["from_people"], said["law"], said["duty"])
