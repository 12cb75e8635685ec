"""Names of events and people: digests say what a row says, made-up people are stable."""

from __future__ import annotations

import hashlib

import polars as pl
from hypothesis import given, settings, strategies as st

from tanzhang.engine.mapping.identity import canonical_texts, sm3_hex

from .samples import codes, mapped, mapping

PEOPLE = 'hash = ["bike", "born"]\nmodulo = 1500\nprefix = "rider-"\nfictitious = true'


def test_the_hash_is_sm3_as_the_standard_gives_it() -> None:
    # GB/T 32905-2016, example A.1.
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_hex("abc") == expected


def test_the_canonical_text_is_netstrings_of_names_and_values_that_exist() -> None:
    frame = pl.DataFrame({"a": ["1", None], "b": ["王", None]})
    assert canonical_texts(frame, ["a", "b"]).to_list() == ["1:a,1:1,1:b,3:王,", ""]


def test_a_row_digest_is_sm3_over_all_columns_by_name() -> None:
    rules = mapping(external_id='digest = "row"')
    text = "4:from,16:2024-05-01 08:00,2:id,2:e1,2:to,16:2024-05-01 08:20,3:who,3:ann,"
    expected = hashlib.new("sm3", text.encode()).hexdigest()
    assert mapped(rules, {}).report["external_id"].to_list() == [expected]


def test_two_equal_rows_have_one_name_and_an_empty_column_changes_none() -> None:
    rules = mapping(external_id='digest = "row"')
    same = mapped(rules, {}, {}, {"note": ""}, {"note": "x"}).report["external_id"].to_list()
    assert same[0] == same[1] == same[2] != same[3]


def test_a_digest_of_named_columns_reads_no_others() -> None:
    rules = mapping(external_id='digest = ["from", "who"]')
    found = mapped(rules, {}, {"id": "other"}, {"who": "bob"}).report["external_id"].to_list()
    assert found[0] == found[1] != found[2]


TEXTS = st.one_of(st.none(), st.text(st.sampled_from("ab1:,王"), min_size=1, max_size=4))


@settings(max_examples=150, deadline=None)
@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_different_rows_have_different_canonical_texts(
    one: tuple[str | None, ...], two: tuple[str | None, ...]
) -> None:
    frame = pl.DataFrame(
        {"a": [one[0], two[0]], "b": [one[1], two[1]]}, schema={"a": pl.String, "b": pl.String}
    )
    texts = canonical_texts(frame, ["a", "b"]).to_list()
    assert (texts[0] == texts[1]) == (one == two)


def test_a_person_is_hashed_from_the_stated_columns() -> None:
    rules = mapping(person=PEOPLE)
    rows = [{"bike": "29677", "born": "1963"}, {"bike": "29677", "born": "1963"}, {"bike": "1"}]
    found = mapped(rules, *rows).report["person"].to_list()
    digest = hashlib.new("sm3", b"4:bike,5:29677,4:born,4:1963,").digest()
    number = int.from_bytes(digest[:8], "big") % 1500
    assert found[0] == found[1] == f"rider-{number:04d}" != found[2]


def test_a_row_without_anybody_is_named() -> None:
    assert codes(mapped(mapping(person=PEOPLE), {"bike": None, "born": ""})) == {
        1: "missing_person"
    }
    assert codes(mapped(mapping(), {"who": " "})) == {1: "missing_person"}


def test_a_row_without_an_event_is_named() -> None:
    result = mapped(
        mapping(), {"id": None}, {"id": "x" * 201}, {"id": "王" * 67}, {"id": "x" * 200}
    )
    assert codes(result) == {
        1: "missing_external_id",
        2: "external_id_too_long",
        3: "external_id_too_long",
    }


def test_names_are_trimmed_and_a_prefix_stands_before_a_persons_column() -> None:
    report = mapped(mapping(person='column = "who"\nprefix = "p-"'), {"id": " e1 "}).report
    assert report.row(0, named=True)["external_id"] == "e1"
    assert report.row(0, named=True)["person"] == "p-ann"


def test_an_item_key_is_taken_as_it_stands_and_may_be_absent() -> None:
    rules = mapping('[item_key]\ncolumn = "bill"\n')
    result = mapped(rules, {"bill": "A 1"}, {"bill": None}, {"bill": "x" * 201})
    assert result.report["item_key"].to_list() == ["A 1", None]
    assert codes(result) == {3: "item_key_too_long"}
