"""One result of a check, in two languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Protocol

import yaml

from tanzhang.problems import Problem

Weight = Literal["ok", "warn", "fail"]


class Finding(Protocol):
    """What a check says: ``code`` is stable, ``details`` fill its sentences."""

    @property
    def code(self) -> str: ...

    @property
    def details(self) -> dict[str, Any]: ...

    @property
    def weight(self) -> Weight:
        """``ok``; ``warn``: it works, but for something; ``fail``: it does not."""

    def sentence(self, lang: str) -> str:
        """What is so."""

    def remedy(self, lang: str) -> str:
        """What to do; nothing for what is well."""


@dataclass(frozen=True, slots=True)
class Found:
    """A state that a check knows, in the words of ``words.yaml``.

    A detail that is a text in both languages (``{"zh": …, "en": …}``) is told in the reader's own.
    """

    code: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        weight: Weight = words()[self.code]["weight"]
        return weight

    def sentence(self, lang: str) -> str:
        return str(words()[self.code][lang]["what"]).format(**self._told(lang))

    def remedy(self, lang: str) -> str:
        return str(words()[self.code][lang].get("now", "")).format(**self._told(lang))

    def _told(self, lang: str) -> dict[str, Any]:
        return {
            name: said[lang] if isinstance(said, dict) else said
            for name, said in self.details.items()
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal that a check met on its way, under its own code."""

    problem: Problem
    weight: Weight = "fail"

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def details(self) -> dict[str, Any]:
        return self.problem.details

    def sentence(self, lang: str) -> str:
        joint = " " if lang == "en" else ""
        return joint.join(self.problem.part(part, lang) for part in ("what", "why"))

    def remedy(self, lang: str) -> str:
        return self.problem.part("now", lang)


@cache
def words() -> dict[str, dict[str, Any]]:
    """Every code with its weight and its sentences."""
    text = files("tanzhang.config.doctor").joinpath("words.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found
