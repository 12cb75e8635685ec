"""One difference between two versions, as a sentence in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml

from tanzhang.engine.packs.tree import Text, write_day
from tanzhang.engine.rules import FOR_EVER, Kind, Limit
from tanzhang.engine.units import MASS, show_number, show_value

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: ``kind`` names the sentence, ``details`` fill it.

    ``from_day`` is the local day of the edition that brings it, where that is not the first.
    """

    kind: str
    details: Mapping[str, Text]
    from_day: int | None = None

    def text(self, lang: str) -> str:
        """The sentence, whole and with its full stop."""
        filled = {name: value[lang] for name, value in self.details.items()}
        said = sentences()[self.kind][lang].format(**filled)
        if self.from_day is None:
            return said
        dated = sentences()["from_day"][lang]
        return dated.format(day=write_day(self.from_day), sentence=said)


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence about a change, by kind and language."""
    text = files("tanzhang.engine.packs").joinpath("changes.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def change(kind: str, /, **details: Text | str) -> Change:
    """A change whose details may be the same in both languages."""
    return Change(kind, {name: both(value) for name, value in details.items()})


def both(value: Text | str) -> Text:
    """A text in two languages; a plain one reads the same in both."""
    return value if isinstance(value, Text) else Text(value, value)


def word(name: str) -> Text:
    """A small word of a sentence, such as a period or a unit of count."""
    said = sentences()[name]
    return Text(said["zh"], said["en"])


def day(number: int) -> Text:
    """A local day; the end of time is a word."""
    return word("no_end") if number == FOR_EVER else both(write_day(number))


def compared(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[tuple[str, Value | None, Value | None]]:
    """What is on one side only, or differs: name, before, after, in the order of the new side."""
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        if old != new:
            yield name, old, new


def room(limit: Limit) -> Text:
    """A limit in words: at most 200 g a day, for each thing."""
    if limit.kind is Kind.AMOUNT:
        grams = Fraction(limit.value, 1000)
        amount = Text(show_value(grams, MASS, "zh"), show_value(grams, MASS, "en"))
    else:
        counted = show_number(Fraction(limit.value))
        amount = filled("acts", count=both(counted))
    said = filled("room", amount=amount, period=word(f"period_{limit.period.name.lower()}"))
    if limit.per_item_key:
        said = filled("each", room=said)
    return filled("whole", room=said) if limit.whole else said


def filled(name: str, /, **details: Text) -> Text:
    """A small sentence part with its details in both languages."""
    said = sentences()[name]
    zh, en = (
        said[lang].format(**{key: value[lang] for key, value in details.items()})
        for lang in ("zh", "en")
    )
    return Text(zh, en)
