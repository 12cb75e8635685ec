"""The pages as they are read, in both languages."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surfaces.portal.histories import History
from surfaces.portal.people import Person, somebody
from tanzhang.apps.activities import api as activities
from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.models import Role

pytestmark = pytest.mark.database


def test_the_overview_tells_standing_agreements_usage_and_what_needs_care(
    manager: Person, history: History
) -> None:
    page = manager.reads()
    assert page.status == 200
    for words in (
        "bikes Served",
        "Calls today 2 1 was refused",
        "2 of 5,000,000",
        "Days with open breaks 0",
        "Keys to sign with 1",
        "You report acts In force everything that the programme allows you",
    ):
        assert words in page.text
    partners.suspend(history.partner_id, reason="odd", by="li")
    own = json.dumps({"counts": {"received": 5}}).encode()
    activities.compare(history.partner_id, history.day, own)
    page = manager.reads()
    assert "You are suspended." in page.text
    assert "Days with open breaks 1" in page.text


def test_calls_say_what_their_code_means_and_are_filtered(
    manager: Person, history: History
) -> None:
    page = manager.reads("calls/").text
    assert "NOT_FOUND 404 There is nothing of yours at this address." in page
    assert "OK 200 Your request was served. Accepted 1 Rejected 1" in page
    assert history.key_id in page
    only = manager.reads("calls/", code="NOT_FOUND").text
    assert "Your request was served." not in only
    assert "GET batches" in only
    assert "No call of this kind." in manager.reads("calls/", day="2020-02-29").text
    assert "GET batches" in manager.reads("calls/", day="2020-02-30", code="x", before="-1").text


def test_calls_are_read_page_by_page(manager: Person, history: History) -> None:
    for number in range(60):
        counts = partners.Counts()
        call = partners.Call(f"r{number}", "", "ping", "GET", "RATE_LIMITED", 429, counts, 1)
        partners.note_call(history.partner_id, call)
    first = manager.reads("calls/", code="RATE_LIMITED")
    assert ("r59" in first.text, "r9 " in first.text) == (True, False)
    lowest = partners.calls(history.partner_id, 50)[-1].id
    assert f"?code=RATE_LIMITED&amp;before={lowest}" in first.source
    assert "r9 " in manager.reads("calls/", code="RATE_LIMITED", before=str(lowest)).text


def test_a_batch_shows_each_event_with_its_answer_and_how_it_stands(
    manager: Person, history: History
) -> None:
    assert history.batch_id in manager.reads("batches/").text
    assert "No batch arrived on this day." in manager.reads("batches/", day="2020-01-01").text
    page = manager.reads(f"batches/{history.batch_id}/").text
    assert "bikes-1 Accepted Credited 97.4 g · 9 points" in page
    assert "bikes-2 Rejected person_unknown Nobody is linked to this reference" in page
    file = manager.client.get(f"/portal/batches/{history.batch_id}/receipt/")
    assert file.content == activities.receipt_body(history.partner_id, history.batch_id)
    assert "attachment" in file.headers["Content-Disposition"]


def test_an_event_is_found_by_its_own_id(manager: Person, history: History) -> None:
    page = manager.reads("events/", id=" bikes-1 ").text
    assert "Revisions taken 0 Now Credited 97.4 g" in page
    assert history.batch_id in page
    assert "None was taken." in manager.reads("events/", id="bikes-2").text
    assert "Credited" not in manager.reads("events/", id="unheard-of").text


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_nothing_is_said_in_the_other_language(history: History, lang: str) -> None:
    reader = somebody("bikes", lang=lang)
    page = reader.reads()
    assert (("合作方门户" in page.text), ("Partners' portal" in page.text)) == (
        lang == "zh-CN",
        lang == "en",
    )
    assert "default-src 'self'" in page.policy


def test_a_page_asks_few_questions_however_much_there_is(manager: Person, history: History) -> None:
    for path in ("", "keys/", "calls/", "batches/", "messages/", "days/"):
        with CaptureQueriesContext(connection) as asked:
            manager.reads(path)
        assert (path, len(asked.captured_queries) < 25) == (path, True)


def test_a_viewer_sees_everything_and_is_offered_no_change(history: History) -> None:
    viewer = somebody("bikes", Role.VIEWER)
    for path in ("keys/", f"keys/{history.key_id}/", "messages/", f"days/{history.day}/"):
        page = viewer.reads(path)
        assert page.status == 200
        main = page.source.partition("<main")[2].partition("</main>")[0]
        assert (path, 'method="post"' in main) == (path, False)


def test_what_is_no_page_of_hers_is_told_in_sentences(manager: Person, history: History) -> None:
    page = manager.reads("batches/00000000-0000-0000-0000-000000000000/")
    assert page.status == 404
    sentence = Problem("intake.batch_unknown", batch="x").part("why", "en")
    assert sentence in page.text
    assert manager.reads("days/2020-99-99/").status == 404
