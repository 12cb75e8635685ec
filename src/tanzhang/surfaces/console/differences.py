"""What a proposed pack version changes: beside the version in force on its first day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import grams
from tanzhang.engine.packs import CompiledPack, PackLibrary, columns_of
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the preview; an empty side has nothing like it."""

    what: str
    before: str
    after: str


def differences(library: PackLibrary, name: str, from_day: int, lang: str) -> list[Difference]:
    """What changes from the edition in force the day before, line by line; [] for nothing."""
    after = library.find(name)
    before = [
        edition
        for edition in library.packs[after.id]
        if edition.rules.valid_from < max(from_day, after.rules.valid_from)
        and edition.version != after.version
    ]
    old = before[-1] if before else None
    return [*_figures(old, after, lang), *_examples(old, after, lang)]


def _figures(old: CompiledPack | None, new: CompiledPack, lang: str) -> Iterator[Difference]:
    was = _lines(old, lang) if old else {}
    now = _lines(new, lang)
    for what in [*now, *(what for what in was if what not in now)]:
        before, after = was.get(what, ""), now.get(what, "")
        if before != after:
            yield Difference(what, before, after)


def _lines(edition: CompiledPack, lang: str) -> dict[str, str]:
    """Everything that decides amounts, by what it is called."""
    definition = edition.definition
    lines = {
        _("formula: %(name)s") % {"name": step.title[lang]}: step.text for step in definition.steps
    }
    for line in edition.factors:
        name = f"{line.title[lang]} ({line.row})" if line.row else line.title[lang]
        lines[_("factor: %(name)s") % {"name": name}] = f"{line.value} {line.unit}"
    for entry in definition.limits:
        rules = entry.rules
        value = grams(rules.value, lang) if rules.kind.name == "AMOUNT" else str(rules.value)
        lines[_("limit: %(name)s") % {"name": rules.name}] = (
            f"{value} · {rules.period.name.lower()}"
        )
    for bound in definition.bounds:
        lines[_("bound: %(name)s") % {"name": bound.rules.name}] = (
            f"{bound.rules.minimum} … {bound.rules.maximum}"
        )
    return lines


def _examples(old: CompiledPack | None, new: CompiledPack, lang: str) -> Iterator[Difference]:
    """What the new version's examples give by either version."""
    for example in new.definition.examples:
        given = {
            name: value if isinstance(value, str) else list(value)
            for name, value in example.inputs.items()
        }
        title = _("example: %(inputs)s") % {
            "inputs": ", ".join(f"{name} = {value}" for name, value in example.inputs.items())
        }
        before = _amount(old, given, lang) if old else ""
        after = _amount(new, given, lang)
        if before != after:
            yield Difference(title, before, after)


def _amount(edition: CompiledPack, given: dict[str, str | list[str]], lang: str) -> str:
    """The grams of one example before limits; empty where the version cannot compute it."""
    try:
        found = edition.milligrams(columns_of(edition, given))
    except Problem:
        return ""
    return "" if found is None else grams(max(0, found), lang)
