"""Every sentence about a change exists in both languages and asks for the same details."""

from __future__ import annotations

from string import Formatter

import pytest

from tanzhang.engine.packs.changes import Change, change, day, room, sentences
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.rules import FOR_EVER, Kind, Limit, Period, Scope


@pytest.mark.parametrize("name", sentences())
def test_a_sentence_stands_in_both_languages_with_the_same_places(name: str) -> None:
    said = sentences()[name]
    assert set(said) == {"zh", "en"}
    zh, en = (
        {part[1] for part in Formatter().parse(said[lang]) if part[1]} for lang in ("zh", "en")
    )
    assert zh == en


def test_a_change_of_a_later_edition_names_its_day() -> None:
    told = Change("zero_by_design", {}, from_day=19_000)
    assert told.text("en").startswith("From 2022-01-08 on: Its acts")
    assert told.text("zh").startswith("自 2022-01-08 起：其行为")


def test_the_end_of_time_is_a_word() -> None:
    assert (day(FOR_EVER), day(19_000)) == (Text("无", "none"), Text("2022-01-08", "2022-01-08"))
    assert change("valid_to", old=day(19_000), new=day(FOR_EVER)).text("en") == (
        "The end (exclusive) changes from 2022-01-08 to none."
    )


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        (
            Limit("p", "a", Kind.AMOUNT, Scope.ITEM, Period.DAY, 200_000),
            "每日至多 200 克",
            "at most 200 g a day",
        ),
        (
            Limit("p", "a", Kind.COUNT, Scope.ITEM, Period.LIFETIME, 3, True, True),
            "每件事物终身至多 3 次，越限行为整次不计",
            "at most 3 acts in all for each thing, the crossing act getting nothing",
        ),
    ],
)
def test_a_limit_is_told_in_words(limit: Limit, zh: str, en: str) -> None:
    assert room(limit) == Text(zh, en)
