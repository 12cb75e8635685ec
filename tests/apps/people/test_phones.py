"""One phone is one index, however its number is typed."""

from __future__ import annotations

import pytest

from tanzhang.apps.people.phones import normalised, phone_index
from tanzhang.problems import Problem


@pytest.mark.parametrize(
    "typed",
    [
        "10012345678",
        "100 1234 5678",
        "+86 100-1234-5678",
        "0086 10012345678",
        "１００１２３４５６７８",
    ],
)
def test_a_chinese_number_has_one_form(typed: str) -> None:
    assert normalised(typed) == "+8610012345678"


def test_a_number_of_another_country_keeps_its_code() -> None:
    assert normalised("+44 20 7946 0000") == "+442079460000"


@pytest.mark.parametrize(
    "typed", ["", "12345", "20012345678", "+86 1234", "100123456789", "abc", "١٠٠١٢٣٤٥٦٧٨"]
)
def test_what_is_no_number_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        normalised(typed)
    assert refused.value.code == "people.phone_malformed"
    assert refused.value.details == {}


def test_an_index_depends_on_the_number_and_on_the_secret() -> None:
    index = phone_index(bytes(32), "10012345678")
    assert index == phone_index(bytes(32), "+86 100 1234 5678")
    assert (
        len({index, phone_index(bytes(32), "10012345679"), phone_index(b"\1" * 32, "10012345678")})
        == 3
    )
