"""Values are taken exactly as they were written, or not at all."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tanzhang.engine.jsontext import (
    Integers,
    integers,
    is_null,
    records,
    texts,
    tokens,
    unusable_strings as unusable,
)


def column(*written: str) -> Integers:
    found = records(tokens(f"[{','.join(written)}]".encode(), 8), 0)
    return integers(found.tokens, found.begin)


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", 0), ("-0", 0), ("-7", -7), ("9" * 18, 10**18 - 1), ("-" + "9" * 18, 1 - 10**18)],
)
def test_a_whole_number_keeps_its_value(written: str, value: int) -> None:
    found = column(written)
    assert (found.values.tolist(), found.given.tolist()) == ([value], [True])


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("1.0", "not_whole"),
        ("1e3", "not_whole"),
        ("-0.0", "not_whole"),
        ("1E400", "not_whole"),
        ("1" + "0" * 18, "too_large"),
        ("9" * 4000, "too_large"),
        ("true", "no_number"),
        ("false", "no_number"),
        ('"7"', "no_number"),
        ("[7]", "no_number"),
        ("{}", "no_number"),
    ],
)
def test_what_is_no_whole_number_is_told_by_its_fault(written: str, fault: str) -> None:
    found = column("1", written, "2")
    faults = ("not_whole", "too_large", "no_number")
    assert {name: getattr(found, name).tolist() for name in faults} == {
        name: [False, name == fault, False] for name in faults
    }
    assert (found.given.tolist(), found.values.tolist()) == ([True, False, True], [1, 0, 2])


def test_nothing_and_null_are_not_given_and_no_fault() -> None:
    found = records(tokens(b"[null,1]", 8), 0)
    at = np.append(found.begin, -1)
    numbers = integers(found.tokens, at)
    assert is_null(found.tokens, at).tolist() == [True, False, False]
    assert numbers.given.tolist() == [False, True, False]
    assert not (numbers.not_whole | numbers.too_large | numbers.no_number).any()


def test_texts_lose_their_escapes_and_nothing_else() -> None:
    sent = ["plain", 'q"\\/\n\t', "\u0001é\U0001f6b2", "", 5, None, ["x"]]
    for ascii in (True, False):
        found = records(tokens(json.dumps(sent, ensure_ascii=ascii).encode(), 8), 0)
        assert texts(found.tokens, found.begin).to_list() == [*sent[:4], None, None, None]


@pytest.mark.parametrize(
    ("written", "is_unusable"),
    [
        (r"\ud800", True),
        (r"x\uDFFFy", True),
        (r"\udc00\ud800", True),
        (r"\ud83d\ude00", False),
        (r"\u0000", True),
        (r"\\u0000", False),
        (r"\\ud800", False),
        (r"\\\ud800", True),
        (r"\u0001", False),
    ],
)
def test_half_a_pair_and_the_zero_are_no_text(written: str, is_unusable: bool) -> None:
    for text in (f'["a","{written}"]', f'[1,{{"{written}":1}}]'):
        found = tokens(text.encode(), 8)
        assert (len(unusable(found)) == 1) == is_unusable
    found = records(tokens(f'["{written}"]'.encode(), 8), 0)
    assert texts(found.tokens, found.begin).is_null().to_list() == [is_unusable]
