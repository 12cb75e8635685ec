"""What looks like a person goes into no log line; what is only a number stays."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tanzhang.apps.people.api import vault
from tanzhang.config.scrubbing import MASKED, personal_keys, scrubbed, scrubbed_line


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "+8613800001234",
        "+86 138 0000 1234",
        "008613800001234",
        "138-0000-1234",
        "10012345678",
        "+15550100199",
        "11010119900307123X",
        "110101199003071233",
        "wang.xiaoming@example.com.cn",
        "6222021234567890128",
        "4111 1111 1111 1111",
    ],
)
@pytest.mark.parametrize("around", ["{}", "for {}.", "({})", '"{}"', "手机{}，", "phone={}&x=1"])
def test_what_has_a_persons_shape_is_masked(text: str, around: str) -> None:
    assert scrubbed(around.format(text)) == around.format(MASKED)


@pytest.mark.parametrize(
    "value",
    [
        7,
        0,
        True,
        None,
        98.5,
        1_717_200_000_000_000,
        "2026-11-21T12:42:01.144+00:00",
        "0190a5c2f3b87d1e8a6b3c4d5e6f7a8b",
        "meituan-bike@1.0",
        "citic-7k3m-9x2q-4v8d",
        "/srv/tanzhang/apps/activities/door.py:126 decide",
        "1 of 7 chores failed: publish_roots.",
        "people.phone_malformed",
        "4111 1111 1111 1112",
        "23800001234",
        "138000012345",
    ],
)
def test_what_is_no_person_stays(value: object) -> None:
    assert scrubbed(value) == value


def test_a_number_that_is_a_phone_is_masked_though_it_is_no_text() -> None:
    assert scrubbed(13800001234) == MASKED
    assert scrubbed({"a": [13800001234, ("x", {"b": 13800001234})]}) == {
        "a": [MASKED, ["x", {"b": MASKED}]]
    }


def test_whatever_stands_under_a_personal_name_is_masked_at_any_depth() -> None:
    line: dict[str, Any] = {"message": "So.", "detail": {"Name": "王小明", "姓名": "王小明"}}
    assert scrubbed_line(line | {"email": None, "13800001234": 1}) == {
        "message": "So.",
        "detail": {"Name": MASKED, "姓名": MASKED},
        "email": MASKED,
        MASKED: 1,
    }


def test_things_that_only_can_tell_of_themselves_are_masked_too() -> None:
    class Somebody:
        def __str__(self) -> str:
            return "Somebody 13800001234"

    assert scrubbed(Somebody()) == f"Somebody {MASKED}"
    assert scrubbed({13800001234}) == [MASKED]


def test_every_field_of_the_vault_is_a_personal_name() -> None:
    assert set(vault.declared()) <= personal_keys()


def test_a_line_is_scrubbed_in_no_time() -> None:
    line = {"message": "Answered.", "method": "GET", "route": "/me/<str:event>/", "status": 200}
    long = "a1 " * 20_000
    before = time.thread_time()
    for _ in range(1000):
        scrubbed_line(line)
    scrubbed(long)
    scrubbed("1" * 50_000)
    scrubbed("a." * 50_000 + "@")
    assert time.thread_time() - before < 2
