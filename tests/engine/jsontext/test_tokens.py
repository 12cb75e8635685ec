"""A text is taken if and only if it is JSON to the letter; the judge is Python's own reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from tanzhang.engine.jsontext import Kind, tokens
from tanzhang.problems import Problem

DEEPEST = 8

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
COMPOUND = st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=4)

#: Pieces of which nearly every text is broken in one way or another.
SHREDS = st.lists(
    st.sampled_from(
        [
            *"[]{},:\"1\\ \n\t\0\ufeff'é",
            *('"a"', "-0", "01", "1.5e3", ".5", "true", "nul", "NaN"),
            *("\\u00e9", '"\\ud800"', '"\\x"', '"\\"'),
        ]
    ),
    max_size=14,
).map("".join)


def verdict(text: bytes) -> str | None:
    """Why a text is refused; None if it is taken."""
    try:
        tokens(text, DEEPEST)
    except Problem as refusal:
        return refusal.code
    return None


def depth(value: Any) -> int:
    if isinstance(value, list | dict):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0)
    return 0


def oracle(text: bytes) -> bool:
    """Whether Python reads the text as a list or an object that is not too deep."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        value = json.loads(text.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return False
    return 0 < depth(value) <= DEEPEST


@settings(deadline=None)
@given(COMPOUND, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_what_a_writer_writes_is_taken(value: Any, ascii: bool, indent: Any) -> None:
    text = json.dumps(value, ensure_ascii=ascii, indent=indent).encode()
    assert (verdict(text) is None) == oracle(text) == (depth(value) <= DEEPEST)


@settings(deadline=None)
@given(COMPOUND.map(lambda value: json.dumps(value, ensure_ascii=False).encode()), st.data())
def test_a_text_with_one_byte_changed_is_judged_as_python_judges_it(
    text: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.integers(0, 255) | st.sampled_from([*b'[]{},:"\\ 0e-.']))
    for changed in (
        text[:place] + bytes([other]) + text[place + 1 :],
        text[:place] + bytes([other]) + text[place:],
        text[:place] + text[place + 1 :],
        text[:place],
    ):
        assert (verdict(changed) is None) == oracle(changed)


@settings(max_examples=400, deadline=None)
@given(SHREDS)
@example("[1]]")
@example("[1][2]")
@example('{"a":1,}')
@example('{"a" 1}')
@example('{"a":1:2}')
@example("[1,]")
@example("[,1]")
@example("[1 2]")
@example('["a""b"]')
@example("[}")
@example("{]")
@example("[{]}")
@example("[1}")
@example('{"a":1]')
@example('[{"a":[1}]]')
@example('"')
@example("")
@example(" ")
@example("1")
@example('["\\')
@example('["\\\\"]')
@example('["\\\\\\"]')
@example('["\\u12"]')
@example('["\\u12g4"]')
@example("[1]\\")
@example("[truefalse]")
@example('[1"a"]')
def test_shreds_of_json_are_judged_as_python_judges_them(text: str) -> None:
    assert (verdict(text.encode()) is None) == oracle(text.encode())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff[]", "json.not_utf8"),
        (b'["\xed\xa0\x80"]', "json.not_utf8"),  # half a pair, as bytes
        (b"\xef\xbb\xbf[]", "json.not_json"),  # a byte order mark
        (b"[NaN]", "json.not_json"),
        (b"[-Infinity]", "json.not_json"),
        (b"[] x", "json.not_json"),
        (b"[" * 10_000, "json.too_deep"),
        (b"[" * 10_000 + b"]" * 10_000, "json.too_deep"),
        (b'[{"a":' * 5 + b"1" + b"}]" * 5, "json.too_deep"),
        (b"[" * 8 + b"]" * 8, None),
    ],
)
def test_what_is_no_batch_is_named(text: bytes, code: str | None) -> None:
    assert verdict(text) == code


def test_a_refusal_says_where() -> None:
    with pytest.raises(Problem) as refused:
        tokens(b'[{"a":1},{"b":01}]', DEEPEST)
    assert refused.value.details == {"offset": 14}


def test_tokens_know_their_kind_their_container_and_their_place() -> None:
    text = b'[{"a": "\\"x", "b":[1,2]} ]'
    found = tokens(text, DEEPEST)
    shown = [text[a:b] for a, b in zip(found.start, found.end, strict=True)]
    assert shown == b'[ { a : \\"x , b : [ 1 , 2 ] } ]'.split()
    kinds = [Kind(kind).name for kind in found.kind]
    assert kinds[1:9] == [
        *("OPEN_OBJECT", "KEY", "COLON", "STRING", "COMMA_OBJECT", "KEY", "COLON", "OPEN_LIST")
    ]
    assert kinds[10] == "COMMA_LIST"
    assert found.container.tolist() == [-1, 0, *[1] * 7, *[8] * 4, 1, 0]
    assert found.depth.tolist() == [0, 1, *[2] * 7, *[3] * 4, 2, 1]
    assert text[found.blank.argmax()] == ord(" ") and found.blank.sum() == 3
