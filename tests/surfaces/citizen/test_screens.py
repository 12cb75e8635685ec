"""Home, records and reasons say what the books say, to their owner alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from clean_database import Database
from surfaces.citizen.browser import browser, logged_in
from tanzhang.apps.activities.api import find_event
from tanzhang.surfaces.citizen import visitor

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


@pytest.fixture(autouse=True)
def in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 4 May 2025 at the river, the day after the acts."""
    monkeypatch.setattr(visitor.timezone, "now", lambda: datetime(2025, 5, 4, 4, tzinfo=UTC))


def event(external_id: str, partner: str = "bikes") -> str:
    key = find_event(f"{partner}:{external_id}")
    assert key is not None
    return key.hex


def test_home_shows_the_balance_the_weeks_and_every_state() -> None:
    page = logged_in("river-ada").opens("/home/")
    assert page.status == 200
    assert 'value="177400"' in page.source  # 97,400 mg for the ride and 80,000 for the walk
    assert "2 acts brought 177 g." in page.text
    assert "1 act is counted already by another report, and not again here." in page.text
    assert "Walking" in page.text
    assert page.source.count("<rect class=") == 8
    assert page.headers["Cache-Control"] == "no-store"


def test_home_in_chinese_has_no_english_sentence() -> None:
    page = logged_in("river-ada", "zh-hans").opens("/home/")
    assert "2 次，共 177 克。" in page.text
    words = re.sub(r"English|river-ada|CO2e", "", page.text)
    assert re.findall(r"[A-Za-z]{3,}", words) == []


def test_records_are_grouped_by_day_and_filtered() -> None:
    ada = logged_in("river-ada")
    page = ada.opens("/records/")
    assert "Yesterday, Saturday 3 May" in page.text
    assert page.source.count('class="cell linked"') == 3
    assert ada.opens("/records/", scene="walk").source.count('class="cell linked"') == 1
    assert ada.opens("/records/", month="2025-05").source.count('class="cell linked"') == 3
    empty = ada.opens("/records/", month="2025-04")
    assert "No record fits this choice." in empty.text


@pytest.mark.parametrize("month", ["2025", "2025-13", "x-01", "٢٠٢٥-05", "2025-5", "99999-01"])
def test_a_month_that_is_none_is_left_out(month: str) -> None:
    page = logged_in("river-ada").opens("/records/", month=month, before="'; --")
    assert page.status == 200
    assert page.source.count('class="cell linked"') == 3


def test_a_reason_tells_data_formula_factor_and_methodology() -> None:
    page = logged_in("river-ada").opens(f"/records/{event('r1')}/")
    for told in ("2 km", "48.70 g/km", "97.4 g", "Reviewed by", "meituan-bike@1", "First report"):
        assert told in page.text, told
    assert 'value="97400"' in page.source


@pytest.mark.parametrize(
    ("lang", "own", "other"),
    [
        ("en", "Report on Less Pollution and Carbon by Shared Riding", "《共享骑行减污降碳报告》"),
        ("zh-hans", "《共享骑行减污降碳报告》", "Shared Riding"),
    ],
)
def test_a_source_is_told_in_the_readers_language(lang: str, own: str, other: str) -> None:
    page = logged_in("river-ada", lang).opens(f"/records/{event('r1')}/")
    assert own in page.text
    assert other not in page.text


def test_a_duplicate_links_to_the_own_act_that_counts() -> None:
    page = logged_in("river-ada").opens(f"/records/{event('r2', 'bank')}/")
    assert "This record of yours counts in its place" in page.text
    assert f"/records/{event('r1')}/" in page.source


def test_another_citizens_record_is_not_found() -> None:
    mine, hers = logged_in("river-ada"), f"/records/{event('r3')}/"
    assert logged_in("river-bo").opens(hers).status == 200
    page = mine.opens(hers)
    assert page.status == 404
    assert "This page does not exist." in page.text
    assert mine.opens(f"/records/{'0' * 32}/").status == 404


def test_a_record_of_the_same_persons_other_account_is_not_found() -> None:
    assert logged_in("river-ada-too").opens(f"/records/{event('r1')}/").status == 404


def test_an_act_that_waits_says_so() -> None:
    from river.reports import act, hand_in

    hand_in(act("late", "05-03 12:00"))
    ada = logged_in("river-ada")
    assert "1 act has arrived and is being settled." in ada.opens("/home/").text
    assert "There is no number yet" in ada.opens(f"/records/{event('late')}/").text


@pytest.mark.parametrize(
    ("count", "is_whole", "told"),
    [
        (0, True, "Being settled 0"),
        (2, True, "Being settled 2"),
        (2, False, "Being settled 2 or more"),
        (0, False, "Being settled not counted yet"),
    ],
)
def test_home_says_how_many_acts_wait_only_where_it_knows(
    monkeypatch: pytest.MonkeyPatch, count: int, is_whole: bool, told: str
) -> None:
    from river.reports import act, hand_in
    from tanzhang.apps.activities import waiting

    real = waiting.waiting_items
    monkeypatch.setattr(waiting, "waiting_items", lambda *given: (real(*given)[0], is_whole))
    for number in range(count):
        hand_in(act(f"late{number}", f"05-03 1{number}:00", person="bo"))
    assert f"{told} Latest records" in logged_in("river-bo").opens("/home/").text


@pytest.mark.parametrize("path", ["/home/", "/records/", "/me/", "/records/" + "a" * 32 + "/"])
def test_without_an_account_every_screen_leads_to_the_log_in(path: str) -> None:
    assert browser().opens(path).location == "/log-in/"


def test_only_where_nobody_is_real_a_page_says_so(database: Database) -> None:
    ada = logged_in("river-ada")
    assert "fictitious" in ada.opens("/home/").text
    assert "10000000001" in browser().opens("/log-in/").text
    database.turn("live")
    assert "fictitious" not in ada.opens("/home/").text
    assert "10000000001" not in browser().opens("/log-in/").text
    assert "/host/" not in browser().opens("/").source


def test_the_front_page_leads_a_citizen_home() -> None:
    assert logged_in("river-ada").opens("/").location == "/home/"
    assert "See what your low-carbon acts add up to" in browser().opens("/").text
