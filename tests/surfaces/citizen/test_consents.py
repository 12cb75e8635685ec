"""Your consents: each thing by itself, word by word, withdrawn with one press."""

from __future__ import annotations

import json
import re

import pytest

from clean_database import Database
from surfaces.citizen.browser import Browser, browser, logged_in
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import (
    SENSITIVE,
    AccountEntry,
    ConsentLine,
    account,
    consent_history,
    current_wording,
)
from tanzhang.apps.people.models import ConsentText as ConsentTextRow

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def joined(person: str = "gil", lang: str = "en") -> Browser:
    """Somebody who has just opened her account by the bank's link, and agreed to nothing else."""
    visitor = browser(lang)
    assert visitor.goes_on(visitor.arrives(person=person)).location == "/home/"
    return visitor


def owner(handle: str = "river-gil") -> AccountEntry:
    found = account(handle)
    assert found is not None
    return found


def history(purpose: str, handle: str = "river-gil") -> list[ConsentLine]:
    return [line for line in consent_history(owner(handle).id) if line.purpose == purpose]


def form_of(page: str, purpose: str, source: int | None) -> dict[str, str]:
    """The fields of the form for one purpose and source."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        if (fields.get("purpose"), fields.get("source")) == (purpose, str(source or "")):
            return fields
    raise AssertionError(f"no form for {purpose} of {source}")


def test_sensitive_data_are_asked_by_themselves_after_the_account_is_open() -> None:
    visitor = joined()
    assert history(SENSITIVE) == []
    assert "Read and decide" in visitor.opens("/home/").text
    page = visitor.opens("/me/consents/ask/")
    assert "Walking: steps (health)" in page.text
    assert "Why they are needed" in page.text
    assert "Read and decide" not in visitor.opens("/home/").text  # asked once, never nagged
    fields = form_of(page.source, SENSITIVE, partner("bikes").id)
    assert visitor.sends("/me/consents/decide/", **fields, wish="give").status == 302
    (line,) = history(SENSITIVE)
    assert (line.kinds, line.channel, line.button) == (("health",), "h5", "I agree to this alone")
    assert line.digest == current_wording("sensitive").digest
    assert line.handler


def test_agreeing_to_open_an_account_leaves_the_evidence_and_agrees_to_nothing_else() -> None:
    joined()
    lines = consent_history(owner().id)
    assert {line.purpose for line in lines} == {"collect"}
    assert {(line.channel, line.button) for line in lines} == {("host", "I agree, open my account")}
    assert {line.digest for line in lines} == {current_wording().digest}


def test_one_press_withdraws_and_the_history_tells_both() -> None:
    visitor, bikes = joined(), partner("bikes").id
    fields = form_of(visitor.opens("/me/consents/").source, SENSITIVE, bikes)
    visitor.sends("/me/consents/decide/", **fields, wish="give")
    page = visitor.opens("/me/consents/")
    assert "You pressed “I agree to this alone”." in page.text
    visitor.sends("/me/consents/decide/", **form_of(page.source, SENSITIVE, bikes), wish="withdraw")
    assert "It is withdrawn, from this moment on." in visitor.opens("/me/consents/").text
    (line,) = history(SENSITIVE)
    assert line.to_us is not None


def test_where_no_scene_asks_for_a_picture_nothing_is_asked_for_the_whole_account() -> None:
    page = joined().opens("/me/consents/")
    assert "For your account as a whole" not in page.text
    assert 'value="photo"' not in page.source


@pytest.mark.parametrize("source", ["x", "9999", "-1", "\u0663"])
def test_a_source_that_does_not_know_her_changes_nothing(source: str) -> None:
    before = consent_history(owner("river-bo").id)
    answer = logged_in("river-bo").sends(
        "/me/consents/decide/", purpose="collect", source=source, wish="withdraw"
    )
    assert answer.location == "/me/consents/"
    assert consent_history(owner("river-bo").id) == before


def test_one_form_makes_one_consent_however_often_and_for_whatever_it_is_sent() -> None:
    visitor, bikes = joined(), partner("bikes").id
    fields = form_of(visitor.opens("/me/consents/").source, SENSITIVE, bikes)
    for _ in range(2):
        visitor.sends("/me/consents/decide/", **fields, wish="give")
    assert len(history(SENSITIVE)) == 1
    visitor.sends("/me/consents/decide/", **fields, wish="withdraw")
    visitor.sends("/me/consents/decide/", **fields, wish="give")  # the same form once more
    assert "This form was sent before." in visitor.opens("/me/consents/").text
    assert len(history(SENSITIVE)) == 1


@pytest.mark.parametrize(
    "change",
    [{"wording": "0" * 64}, {"kinds": "health,location"}, {"kinds": ""}, {"source": "999"}],
)
def test_what_she_did_not_read_is_not_agreed_to(change: dict[str, str]) -> None:
    visitor = joined()
    fields = form_of(visitor.opens("/me/consents/").source, SENSITIVE, partner("bikes").id)
    visitor.sends("/me/consents/decide/", **fields | change, wish="give")
    assert history(SENSITIVE) == []


def test_who_is_responsible_and_whom_to_write_to_stand_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "has not named anybody yet" in logged_in("river-bo").opens("/me/consents/").text
    monkeypatch.setenv("TANZHANG_PRIVACY_CONTACT", "Data Protection, privacy@river.example")
    page = logged_in("river-bo").opens("/me/consents/")
    assert "Data Protection, privacy@river.example" in page.text
    joined()
    assert "privacy@river.example" in consent_history(owner().id)[0].handler


def test_a_text_is_told_by_its_fingerprint_to_anybody_and_no_other_is() -> None:
    shown = current_wording("sensitive")
    answer = browser().opens(f"/consent-texts/{shown.digest}")
    told = json.loads(answer.source)
    assert (told["code"], told["version"]) == ("sensitive", shown.version)
    assert told["zh"][0] == [shown.zh[0].title, shown.zh[0].text]
    assert browser().opens(f"/consent-texts/{'0' * 64}").status == 404


def test_a_changed_text_stops_collection_and_the_page_says_what_changed(
    database: Database,
) -> None:
    visitor, bikes = joined(), partner("bikes").id
    earlier, _ = (each.id for each in texts())
    with database.connect("owner") as db:
        db.execute(
            "update consent set giving_id = null, text_id = %s where text_id is not null",
            [earlier],
        )
        db.execute("update consent_text set material = true where id > %s", [earlier])
    page = visitor.opens("/me/consents/")
    assert "We have to ask you again" in page.text
    assert "It says how long data are kept and what you may demand." in page.text
    visitor.sends("/me/consents/decide/", **form_of(page.source, "collect", bikes), wish="give")
    newest = consent_history(owner().id)[0]
    assert (newest.partner_id, newest.to_us) == (bikes, None)
    assert newest.version == current_wording().version


def texts() -> list[ConsentTextRow]:
    return list(ConsentTextRow.objects.filter(code="open-account").order_by("id"))


def test_in_chinese_no_english_sentence_is_left() -> None:
    page = joined(lang="zh-hans").opens("/me/consents/")
    assert "单独" in page.text
    words = re.sub(r"English|river-gil|CO2e|The tests|\b[0-9a-f]{12}\b", "", page.text)
    assert re.findall(r"[A-Za-z]{3,}", words) == []


@pytest.mark.parametrize("path", ["/me/consents/", "/me/consents/ask/"])
def test_without_a_log_in_there_is_nothing_to_see(path: str) -> None:
    assert browser().opens(path).location == "/log-in/"
