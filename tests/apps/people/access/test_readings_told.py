"""Readings are told in words that the person whom they concern understands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tanzhang.apps.people.access.reading import Reader
from tanzhang.apps.people.access.telling import (
    fields_in_words,
    purpose_in_words,
    reader_in_words,
    words,
)

AT = datetime(2026, 5, 1, tzinfo=UTC)


def reading(kind: str, reader: str, purpose: str = "support") -> Reader:
    return Reader(AT, AT, kind, reader, purpose, ("phone",), "", 1)


@pytest.mark.parametrize(
    ("kind", "reader", "lang", "told"),
    [
        ("staff", "operator:wang", "zh", "运营人员 wang"),
        ("staff", "operator:wang", "en", "operator wang"),
        ("staff", "wang", "en", "staff wang"),
        ("partner", "bank", "zh", "银行"),
        ("partner", "unheard-of", "zh", "unheard-of"),
        ("citizen", "citizen", "zh", "您本人"),
        ("regulator", "市生态环境局", "zh", "监管机构 市生态环境局"),
    ],
)
def test_whoever_read_is_called_so_that_she_knows_who_it_is(
    kind: str, reader: str, lang: str, told: str
) -> None:
    assert reader_in_words(reading(kind, reader), {"bank": "银行"}, lang) == told


def test_what_was_read_is_called_as_where_it_was_asked_for() -> None:
    assert (
        fields_in_words(["phone", "acts", "of_no_title"], "zh") == "手机号码、行为列表、of no title"
    )


def test_a_purpose_without_words_is_shown_as_it_is() -> None:
    assert purpose_in_words(reading("staff", "x", "reveal"), "zh") == "查看被遮蔽的个人信息"
    assert purpose_in_words(reading("staff", "x", "of_no_title"), "en") == "of no title"


def test_every_word_is_there_in_both_languages() -> None:
    lacking = [
        (group, code)
        for group, entries in words().items()
        for code, texts in entries.items()
        if set(texts) != {"zh", "en"}
    ]
    assert lacking == []
