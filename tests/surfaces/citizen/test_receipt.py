"""A citizen downloads the receipt of her act; anybody reads the roots and what a receipt proves."""

from __future__ import annotations

import json
import re

import pytest

from clean_database import Database
from surfaces.citizen.browser import browser, logged_in
from tanzhang.apps.activities.api import drain, find_event
from tanzhang.apps.ledger.api import publish_root
from tanzhang.config.own_keys import key_store
from tanzhang.proofs import read_key_file, verify_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def event(external_id: str, partner: str = "bikes") -> str:
    key = find_event(f"{partner}:{external_id}")
    assert key is not None
    return key.hex


def test_a_receipt_is_one_press_away_and_verifies_with_the_keys_of_the_site() -> None:
    ada = logged_in("river-ada")
    why = ada.opens(f"/records/{event('r1')}/")
    assert f'href="/records/{event("r1")}/receipt/"' in why.source
    page = ada.opens(f"/records/{event('r1')}/receipt/")
    assert page.headers["Content-Type"] == "application/json"
    assert page.headers["Content-Disposition"] == (
        f'attachment; filename="receipt-{event("r1")[:8]}.json"'
    )
    assert page.headers["Cache-Control"] == "no-store"
    trust = read_key_file(browser().opens("/roots/keys.json").source.encode())
    (verdict,) = verify_file("receipt", page.source.encode(), trust)
    assert (verdict.problem, verdict.facts["total_mg"]) == (None, 97_400)


def test_an_act_that_counts_nothing_has_a_receipt_that_says_so() -> None:
    page = logged_in("river-ada").opens(f"/records/{event('r2', 'bank')}/receipt/")
    receipt = json.loads(page.source)
    assert (receipt["status"], receipt["total_mg"]) == ("duplicate", 0)


def test_nobody_gets_the_receipt_of_another() -> None:
    assert logged_in("river-ada").opens(f"/records/{event('r3')}/receipt/").status == 404
    assert browser().opens(f"/records/{event('r1')}/receipt/").location == "/log-in/"


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_anybody_reads_what_a_receipt_proves_and_what_not(lang: str) -> None:
    page = browser(lang).opens("/receipts/")
    words = {
        "en": ("It proves", "It does not prove", "That you really rode."),
        "zh-hans": ("它证明", "它不证明", "您确实骑行过。"),
    }[lang]
    assert [word for word in words if word not in page.text] == []
    assert "/roots/keys.json" in page.source
    assert page.status == 200


@pytest.mark.parametrize("path", ["/receipts/", "/roots/"])
def test_pages_in_chinese_have_no_english_sentence(path: str) -> None:
    publish_root(key_store())
    text = browser("zh-hans").opens(path).text
    plain = re.sub(r"English|tanzhang verify receipt receipt\.json --key keys\.json", "", text)
    plain = re.sub(r"[0-9a-f]{16,}|JSON|UTC|SM3|/roots/OLDER-NEWER\.json", "", plain)
    assert re.findall(r"[A-Za-z]{4,}", plain) == []


def test_there_is_no_root_before_the_first() -> None:
    page = browser("en").opens("/roots/")
    assert "No root yet" in page.text
    assert browser().opens("/roots/latest.json").status == 404


def test_roots_and_proofs_between_them_are_for_anybody(database: Database) -> None:
    from river.reports import act, hand_in

    first = publish_root(key_store())
    hand_in(act("r9", "05-03 09:00"))
    drain()
    second = publish_root(key_store())
    assert first is not None
    assert second is not None
    anybody = browser("en")
    page = anybody.opens("/roots/")
    for root in (first, second):
        assert f'href="/roots/{root.size}.json"' in page.source
        assert anybody.opens(f"/roots/{root.size}.json").source.encode() == root.document
    assert anybody.opens("/roots/latest.json").source.encode() == second.document
    proof = f"/roots/{first.size}-{second.size}.json"
    assert f'href="{proof}"' in page.source
    trust = read_key_file(anybody.opens("/roots/keys.json").source.encode())
    (verdict,) = verify_file("root", anybody.opens(proof).source.encode(), trust)
    assert (verdict.problem, verdict.facts["continues_size"]) == (None, first.size)


@pytest.mark.parametrize(
    "path",
    [
        "/roots/999999.json",
        "/roots/0.json",
        "/roots/99999999999999999999.json",
        "/roots/1-999999.json",
        "/roots/999999-1.json",
        "/roots/1-1-1.json",
    ],
)
def test_what_is_no_root_is_not_found(path: str) -> None:
    publish_root(key_store())
    assert browser().opens(path).status == 404
