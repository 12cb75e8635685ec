"""Masks tell two people of a list apart, and give away too little to pass for either."""

from __future__ import annotations

import pytest

from tanzhang.apps.people.vault.masks import MASKS


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        ("name", "王", "王*"),
        ("name", "王明", "王*"),
        ("name", "王小明", "王**"),
        ("name", "欧阳小满", "欧***"),
        ("name", "Alexandra Petrova", "A***"),
        ("phone", "13800000000", "138****0000"),
        ("phone", "+8613800001234", "138****1234"),
        ("phone", "+15550100199", "****99"),
        ("phone", "110", "****"),
        ("ends", "11010119900101123X", "1****************X"),
        ("ends", "AB1", "****"),
        ("ends", "", "****"),
        ("email", "wang@example.cn", "w***@e***.cn"),
        ("email", "w@example.cn", "***@e***.cn"),
        ("email", "w@localhost", "***@***"),
        ("email", "nonsense", "****"),
        ("plate", "粤B12389", "粤B****9"),
        ("plate", "粤B", "****"),
        ("start", "上海市浦东新区世纪大道1号", "上海市***"),
        ("start", "中信", "***"),
        ("hidden", "1955", "****"),
    ],
)
def test_a_mask_shows_this_much(mask: str, text: str, shown: str) -> None:
    assert MASKS[mask](text) == shown


@pytest.mark.parametrize("mask", sorted(MASKS))
@pytest.mark.parametrize("length", range(1, 30))
def test_no_mask_shows_more_than_half_of_what_is_longer_than_one_sign(
    mask: str, length: int
) -> None:
    text = "".join(chr(0x4E00 + place) for place in range(length))
    shown = [sign for sign in MASKS[mask](text) if sign in text]
    assert len(shown) <= max(length / 2, 1)


@pytest.mark.parametrize("mask", sorted(set(MASKS) - {"ends"}))
def test_only_a_number_shows_how_long_it_is(mask: str) -> None:
    assert len(MASKS[mask]("甲" * 20)) == len(MASKS[mask]("甲" * 30))
