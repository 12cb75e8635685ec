"""The English of every source says what the Chinese says: the same numbers, the same doubts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.engine.packs.tree import Text

#: How sure a source is, and how each such word is said in English.
DOUBTS = {
    "二手转引": "second-hand",
    "记忆": "recalled",
    "未经核实": "unverified",
    "未经证实": "unconfirmed",
    "转引自": "from the",
    "转载": "reprint",
    "推算": "worked out",
    "示意": "illustrative",
    "本项目的假设": "this project's assumption",
    "未见": "not seen|seen",
    "未公布": "not published|publishes no",
    "约": "about|approximate",
    "至少": "at least",
}
_NUMBER = re.compile(r"\d[\d,.]*(?<=\d)")
_MONTH = re.compile(r"\d+ 月")  #: English names it


@pytest.fixture(scope="module")
def sources() -> list[Text]:
    return sorted(set(_all(load_packs())), key=lambda source: source.zh)


def _all(library: PackLibrary) -> Iterator[Text]:
    for editions in library.packs.values():
        for edition in editions:
            definition = edition.definition
            for factor in definition.factors:
                yield from (spell.mark.source for spell in factor.spells)
            yield from (entry.mark.source for entry in definition.limits)
            yield from (entry.mark.source for entry in definition.bounds)
            yield from (example.source for example in definition.examples)
    for table in library.tables.values():
        yield from (mark.source for mark in table.marks.values())
        yield from (mark.source for mark in table.row_marks.values())
    yield from (entry.source for entry in library.registered.values())
    yield from (figure.source for figure in library.figures)


def test_no_english_source_has_a_chinese_character(sources: list[Text]) -> None:
    assert len(sources) > 200
    assert [
        s.en for s in sources if re.search(r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]", s.en)
    ] == []


def test_every_number_of_a_source_stands_in_both_languages(sources: list[Text]) -> None:
    for source in sources:
        chinese = Counter(_NUMBER.findall(_MONTH.sub("", source.zh)))
        english = Counter(_NUMBER.findall(source.en))
        assert not chinese - english, source


def test_every_doubt_of_a_source_stands_in_both_languages(sources: list[Text]) -> None:
    for source in sources:
        for doubt, words in DOUBTS.items():
            if doubt in source.zh:
                assert re.search(words, source.en), (doubt, source)
