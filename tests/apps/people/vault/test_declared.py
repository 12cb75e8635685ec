"""Fields are declared with class, mask, purpose and both languages; some can never be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tanzhang.apps.columns import DataClass
from tanzhang.apps.people.vault import declared as declared_file
from tanzhang.apps.people.vault.declared import MOST_LETTERS, declared, field_named, parsed
from tanzhang.problems import Problem

ENTRY: dict[str, Any] = {
    "class": "C2",
    "mask": "name",
    "title": {"zh": "姓名", "en": "name"},
    "purpose": {"zh": "称呼", "en": "to address you"},
}


def refusal(name: str, text: str) -> str:
    with pytest.raises(Problem) as refused:
        field_named(name).plain(text)
    return refused.value.code


def test_every_declared_field_is_of_class_c1_or_c2() -> None:
    classes = {field.data_class for field in declared().values()}
    assert classes == {DataClass.C1, DataClass.C2}
    assert {"name", "phone", "email", "employer", "birth_year"} <= declared().keys()


def test_no_field_is_declared_twice() -> None:
    file = Path(declared_file.__file__).parent / "fields.yaml"
    names = re.findall(r"^(\w+):", file.read_text("utf-8"), re.MULTILINE)
    assert names == list(declared())


@pytest.mark.parametrize(
    "name",
    ["password", "login_password", "pin", "card_cvv", "otp", "face", "voiceprint_1", "card_track"],
)
def test_what_lets_somebody_act_as_a_person_cannot_be_declared_under_any_class(name: str) -> None:
    with pytest.raises(ValueError, match="never stored"):
        parsed(name, ENTRY)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"class": "C3"}, "never stored"),
        ({"class": "none"}, "does not belong"),
        ({"class": "C4"}, "C4"),
        ({"mask": "veil"}, "no mask"),
        ({"title": {"zh": "姓名"}}, "needs zh and en"),
        ({"purpose": {"en": "to address you"}}, "needs zh and en"),
        ({"kept_for": "ever"}, "unknown words"),
    ],
)
def test_a_wrong_entry_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parsed("nickname", ENTRY | changes)


@pytest.mark.parametrize(
    "track",
    [
        "%B4111111111111111^WANG/XIAOMING^2512101",
        ";4111111111111111=2512101123400001",
        "4111111111111111=2512101",
        "name: ４１１１１１１１１１１１１１１１=2512101",
    ],
)
def test_what_a_cards_track_holds_is_kept_in_no_field(track: str) -> None:
    assert refusal("name", track) == refusal("address", track) == "personal.field_is_secret"


def test_a_text_is_tidied_and_has_a_greatest_length() -> None:
    assert field_named("name").plain("  王小明　") == "王小明"
    assert field_named("name").plain("Ｗａｎｇ") == "Wang"
    assert field_named("phone").plain("138 0000 0000") == "+8613800000000"
    assert refusal("phone", "12") == "people.phone_malformed"
    assert len(field_named("address").plain("a" * MOST_LETTERS)) == MOST_LETTERS
    assert refusal("address", "a" * (MOST_LETTERS + 1)) == "personal.field_too_long"


def test_what_is_not_declared_is_no_field() -> None:
    with pytest.raises(Problem) as refused:
        field_named("favourite_colour")
    assert refused.value.code == "personal.field_undeclared"
