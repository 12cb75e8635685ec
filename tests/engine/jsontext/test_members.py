"""Members are found by their paths, whatever else a record holds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st

from tanzhang.engine.jsontext import Records, integers, records, texts, tokens

NAMES = st.sampled_from(["id", "data", "inputs", "é", "", 'a"b\\'])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["x", "ü\n", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
PATHS = [
    ("id",),
    ("data", "id"),
    ("data", "inputs", "é"),
    ('a"b\\',),
    ("data", "data", "data", "id"),
]


def read(text: bytes) -> Records:
    return records(tokens(text, 50), 0)


def at(record: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path of a record; ``...`` if nothing does."""
    for name in path:
        if not isinstance(record, dict) or name not in record:
            return ...
        record = record[name]
    return record


@settings(deadline=None)
@given(st.lists(VALUES, max_size=5), st.booleans())
def test_each_path_gives_what_python_finds_there(sent: list[Any], ascii: bool) -> None:
    found = read(json.dumps(sent, ensure_ascii=ascii, indent=1).encode())
    assert len(found) == len(sent)
    assert not found.members.repeated().any()
    for path in PATHS:
        place = found.field(*path)
        values = [at(record, path) for record in sent]
        assert (place >= 0).tolist() == [value is not ... for value in values]
        strings = [value if isinstance(value, str) else None for value in values]
        assert texts(found.tokens, place).to_list() == strings
        numbers = integers(found.tokens, place)
        assert numbers.values[numbers.given].tolist() == [
            value for value in values if isinstance(value, int)
        ]


@settings(deadline=None)
@given(st.lists(VALUES, max_size=5))
def test_the_compact_text_of_a_record_is_its_own_without_white_space(sent: list[Any]) -> None:
    spread = json.dumps(sent, ensure_ascii=False, indent=2).encode()
    dense = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    each = [json.dumps(r, ensure_ascii=False, separators=(",", ":")).encode() for r in sent]
    assert read(spread).compact() == read(dense).compact() == each


def test_a_repeated_name_is_found_in_its_own_object_alone() -> None:
    found = read(b'[{"a":{"a":1},"b":1},{"a":1,"a":2},{"d":{"x":[{"q":1,"b":1,"q":2}]}}]')
    members = found.members
    shown = [(members.names[n], r) for n, r in zip(members.name, members.record, strict=True)]
    repeated = [pair for pair, is_so in zip(shown, members.repeated(), strict=True) if is_so]
    assert repeated == [("a", 1), ("a", 1), ("q", 2), ("q", 2)]


def test_a_name_is_the_same_name_with_escapes() -> None:
    found = read(b'[{"id":1,"\\u0069d":2}]')
    assert found.members.repeated().all()


def test_what_stands_in_a_list_stands_at_no_path() -> None:
    found = read(b'[{"data":[{"id":1}]},[{"id":2}],{"data":{"x":[{"id":3}]}}]')
    assert found.field("id").tolist() == [-1, -1, -1]
    assert found.field("data", "id").tolist() == [-1, -1, -1]


def test_records_of_a_list_within_an_object_leave_its_other_members_alone() -> None:
    whole = tokens(b'{"a":{"id":0},"events":[{"id":1}],"z":{"id":2}}', 8)
    list_token = next(
        place for place, kind in enumerate(whole.kind.tolist()) if kind == 1
    )  # the only list
    found = records(whole, list_token)
    assert (len(found), found.members.own.sum()) == (1, 1)
    assert found.members.record.tolist() == [-1, -1, -1, 0, -1, -1]
    assert integers(whole, found.field("id")).values.tolist() == [1]
    assert found.compact() == [b'{"id":1}']
