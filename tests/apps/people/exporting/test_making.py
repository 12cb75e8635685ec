"""What is gathered has names for numbers, and a spreadsheet runs nothing of it."""

from __future__ import annotations

import csv
import io

import pytest

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import account
from tanzhang.apps.people.exporting.making import (
    as_csv,
    cell,
    column_title,
    gather,
    not_included,
    section_title,
    words,
)
from tanzhang.apps.people.privacy import everything_kept
from tanzhang.proofs import Section


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_numbers_get_their_names() -> None:
    ada = account("river-ada")
    assert ada is not None
    partners = {number: f"partner-{number}" for number in range(20)}
    names = {"partner_id": partners, "account": {ada.id: "ada"}}
    with bulk_transaction() as cursor:
        sections = {each.name: each for each in gather(cursor, ada.subject_id, names)}
    assert list(sections) == [kept.name for kept in everything_kept()]
    assert {row["account"] for row in sections["accounts"].rows} > {"ada"}
    assert {row["partner"] for row in sections["known_to"].rows} <= set(
        names["partner_id"].values()
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("a=1", "a=1"),
        (-2, -2),
        (None, ""),
        (True, "true"),
        (["一", "b"], '["一", "b"]'),
    ],
)
def test_no_cell_is_taken_for_a_formula(value: object, text: object) -> None:
    assert cell(value) == text


def test_a_table_has_every_column_that_any_row_has() -> None:
    section = Section("s", {"zh": "s", "en": "s"}, [{"a": 1}, {"b": "二,\n2"}])
    text = as_csv(section)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        *(["a", "b"], ["1", ""], ["", "二,\n2"])
    ]


def test_every_section_has_a_title_in_both_languages() -> None:
    untitled = [kept.name for kept in everything_kept() if kept.name not in words()["sections"]]
    assert untitled == []
    for kept in everything_kept():
        assert set(section_title(kept.name)) == {"zh", "en"}


def test_a_column_without_a_title_is_called_by_its_name() -> None:
    assert column_title("points", "zh") == "积分"
    assert column_title("of_no_title", "en") == "of no title"


def test_whatever_is_left_out_says_why_in_both_languages() -> None:
    assert not_included()
    for each in not_included():
        assert each.why["zh"].endswith("。")
        assert each.why["en"].endswith(".")
