"""Instants and days are written in the programme's zone and the page's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from tanzhang.surfaces.look import moments

#: 2026-03-05 23:30 in London is the next day in Shanghai.
LATE_US = int(datetime(2026, 3, 5, 23, 30, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("lang", "zone", "form", "written"),
    [
        ("zh-hans", "Asia/Shanghai", "minute", "3月6日 07:30"),
        ("zh-hans", "Asia/Shanghai", "long", "2026年3月6日 星期五 07:30"),
        ("en", "Asia/Shanghai", "minute", "6 Mar, 07:30"),
        ("en", "Europe/London", "long", "Thursday 5 March 2026, 23:30"),
        ("en", "America/New_York", "time", "18:30"),
        ("en", "Asia/Shanghai", "second", "6 Mar 2026, 07:30:00"),
        ("zh-hans", "Asia/Shanghai", "dated", "2026年3月6日 07:30"),
        ("en", "Asia/Shanghai", "dated", "6 Mar 2026, 07:30"),
    ],
)
def test_an_instant_is_local_to_the_programme(
    lang: str, zone: str, form: str, written: str
) -> None:
    with translation.override(lang):
        assert moments.instant(LATE_US, zone, form) == written


def test_microseconds_before_midnight_belong_to_the_day_before() -> None:
    midnight_us = int(datetime(2026, 3, 5, 16, tzinfo=UTC).timestamp()) * 1_000_000
    assert moments.local(midnight_us, "Asia/Shanghai").date() == date(2026, 3, 6)
    assert moments.local(midnight_us - 1, "Asia/Shanghai").date() == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("lang", "which", "written"),
    [
        ("zh-hans", date(2026, 3, 6), "今天 3月6日 星期五"),
        ("zh-hans", date(2026, 3, 5), "昨天 3月5日 星期四"),
        ("zh-hans", date(2026, 3, 4), "3月4日 星期三"),
        ("en", date(2026, 3, 6), "Today, Friday 6 March"),
        ("en", date(2026, 3, 5), "Yesterday, Thursday 5 March"),
        ("en", date(2026, 3, 7), "Saturday 7 March"),
    ],
)
def test_nearby_days_are_named(lang: str, which: date, written: str) -> None:
    with translation.override(lang):
        assert moments.day(which, today=date(2026, 3, 6)) == written


def test_a_day_has_other_forms() -> None:
    with translation.override("en"):
        forms = [moments.day(date(2026, 3, 6), form) for form in ("short", "long", "month")]
    assert forms == ["6 Mar", "6 March 2026", "March 2026"]


def test_an_unknown_language_reads_chinese() -> None:
    with translation.override("fr"):
        assert moments.language() == "zh"
    with translation.override("en-gb"):
        assert moments.language() == "en"
