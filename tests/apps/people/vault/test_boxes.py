"""A box opens with its key in its place, and in no other way whatsoever."""

from __future__ import annotations

import pytest

from tanzhang.apps.people.vault.boxes import bound_to, close_box, open_box
from tanzhang.crypto import Cipher, new_data_key, seal
from tanzhang.problems import Problem

KEY, PLACE = new_data_key(), bound_to("0123456789abcdef", 7, "field|name")
TEXT = "王小明".encode()


def refusal(key: bytes, box: bytes, place: bytes = PLACE) -> str:
    with pytest.raises(Problem) as refused:
        open_box(key, box, place)
    return refused.value.code


def test_a_box_gives_back_what_was_put_in_and_shows_nothing_of_it() -> None:
    box = close_box(KEY, TEXT, PLACE)
    assert open_box(KEY, box, PLACE) == TEXT
    assert TEXT not in box
    assert len(box) == 1 + 12 + len(TEXT) + 16


def test_no_byte_of_a_box_can_be_changed() -> None:
    box = close_box(KEY, TEXT, PLACE)
    for place in range(len(box)):
        for mask in (0x01, 0x80, 0xFF):
            broken = bytearray(box)
            broken[place] ^= mask
            assert refusal(KEY, bytes(broken)) == "personal.box_broken", place


def test_no_byte_of_its_place_can_be_changed() -> None:
    box = close_box(KEY, TEXT, PLACE)
    for place in range(len(PLACE)):
        other = bytearray(PLACE)
        other[place] ^= 1
        assert refusal(KEY, box, bytes(other)) == "personal.box_broken", place


@pytest.mark.parametrize("length", [0, 1, 12, 28, 29, 37])
def test_a_box_that_was_cut_or_grown_does_not_open(length: int) -> None:
    box = close_box(KEY, TEXT, PLACE)
    assert refusal(KEY, box[:length]) == "personal.box_broken"
    assert refusal(KEY, box + b"\0") == "personal.box_broken"


def test_another_key_opens_nothing() -> None:
    assert refusal(new_data_key(), close_box(KEY, TEXT, PLACE)) == "personal.box_broken"


def test_the_first_byte_says_the_algorithm_and_only_listed_ones_open() -> None:
    sealed = seal(KEY, TEXT, PLACE, Cipher.AES_128_GCM)
    rest = sealed.iv + sealed.ct + sealed.tag
    assert close_box(KEY, TEXT, PLACE)[0] == 1
    assert open_box(KEY, b"\2" + rest, PLACE) == TEXT
    for other in (0, 1, 3, 255):
        assert refusal(KEY, bytes((other,)) + rest) == "personal.box_broken"


def test_an_iv_never_comes_twice() -> None:
    assert len({close_box(KEY, TEXT, PLACE)[1:13] for _ in range(20_000)}) == 20_000


def test_an_empty_text_is_a_box_too() -> None:
    assert open_box(KEY, close_box(KEY, b"", PLACE), PLACE) == b""


def test_places_that_differ_in_any_part_are_other_places() -> None:
    places = {
        bound_to("a", 1, "x"),
        bound_to("a", 11, "x"),
        bound_to("a", 1, "y"),
        bound_to("b", 1),
    }
    assert len(places) == 4
