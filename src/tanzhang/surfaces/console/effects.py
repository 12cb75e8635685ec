"""What a proposed pack version would give for its own examples, beside the version in force."""

from __future__ import annotations

from dataclasses import dataclass

from tanzhang.apps.activities.api import grams
from tanzhang.engine.packs import CompiledPack, PackLibrary, columns_of
from tanzhang.problems import Problem

Inputs = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Effect:
    """One example's grams before limits by either version; empty where one cannot compute it."""

    inputs: str
    before: str
    after: str


def effects(library: PackLibrary, before: str, after: str, lang: str) -> list[Effect]:
    """The examples of ``after`` by both versions (``id@version``); ``before`` may be empty."""
    old = library.find(before) if before else None
    new = library.find(after)
    found = []
    for example in new.definition.examples:
        given: Inputs = {
            name: value if isinstance(value, str) else list(value)
            for name, value in example.inputs.items()
        }
        written = ", ".join(
            f"{name} = {value if isinstance(value, str) else ' '.join(value)}"
            for name, value in given.items()
        )
        was = _amount(old, given, lang) if old else ""
        found.append(Effect(written, was, _amount(new, given, lang)))
    return found


def _amount(edition: CompiledPack, given: Inputs, lang: str) -> str:
    try:
        found = edition.milligrams(columns_of(edition, given))
    except Problem:  # the version has other inputs
        return ""
    return "" if found is None else grams(max(0, found), lang)
