"""Described systems' ways of joining, from their files alone, through the real pages.

The files are those of ``tests/packs/joining``.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from clean_database import Database
from surfaces.citizen.browser import HOST, Browser, Page, browser
from surfaces.citizen.entry.platforms import Platforms
from surfaces.citizen.entry.ways import in_app, taps
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import (
    AgreementKind,
    Terms,
    add_key,
    agree,
    key_owner,
    partner,
    sign_link,
)
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, AccountKind, account, accounts
from tanzhang.crypto import Algorithm, generate
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs
from tanzhang.workbench.sample_bank import wrapped_claims, wrapped_phone

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("system")]

KEY = generate(Algorithm.SM2)
ID_NUMBER = "11010519491231002X"
FILES = sorted(Path(__file__).parents[3].glob("packs/joining/*.yaml"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> PackLibrary:
    folder = tmp_path_factory.mktemp("systems") / "packs"
    walk = "methodologies/hankou-walk"
    shutil.copytree(default_folder() / walk, folder / walk)
    shutil.copy(default_folder() / "vocabulary.yaml", folder)
    for file in FILES:
        home = folder / "programmes" / file.stem
        home.mkdir(parents=True)
        shutil.copy(file, home / "programme.yaml")
    return load_packs(folder)


@pytest.fixture
def system(request: pytest.FixtureRequest, database: object, library: PackLibrary) -> None:
    """One of the programmes, loaded."""
    load_catalogue(library, [request.param])


def of(name: str) -> pytest.MarkDecorator:
    """Which programme a test is about."""
    return pytest.mark.parametrize("system", [name], indirect=True)


def hand_over(
    visitor: Browser,
    host: str,
    person: str = "gil",
    phone: str | None = None,
    **claims: tuple[str, ...],
) -> Page:
    """The host sends a person with what it vouches for."""
    if key_owner(KEY.key_id) is None:
        add_key(partner(host).id, KEY.public)
        agree(partner(host).id, Terms(AgreementKind.HAND_OVER), by="test")
    made = sign_link(
        KEY,
        partner=host,
        person=person,
        host=HOST,
        ts=int(time.time()),
        nonce=secrets.token_hex(16),
        phone=wrapped_phone(phone) if phone else "",
        claims=wrapped_claims(claims),
    )
    return visitor.opens("/enter/", **made.fields)


def hidden(page: Page) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.source))


def shows_phone(visitor: Browser, number: str) -> Page:
    """She shows that a number is hers; the page after that."""
    assert visitor.sends("/join/phone/", phone=number).location == "/join/code/"
    shown = visitor.opens("/join/code/").text.partition("Your code is ")[2][:6]
    return visitor.sends("/join/code/", code=shown)


def begins(programme: str, number: str) -> tuple[Browser, Page]:
    """Somebody without a host comes, chooses the programme, and shows her phone."""
    visitor = browser()
    assert programme in visitor.opens("/join/").source
    assert visitor.sends("/join/", programme=programme).location == "/join/phone/"
    return visitor, shows_phone(visitor, number)


def types_code(visitor: Browser) -> Page:
    """In a mini-program, the code that the page shows in place of a message."""
    shown = visitor.opens("/enter/phone/code/").text.partition("Your code is ")[2][:6]
    return visitor.sends("/enter/phone/code/", code=shown)


def agrees(visitor: Browser, fields: Mapping[str, str] | None = None) -> Page:
    return visitor.sends("/join/", **(hidden(visitor.opens("/join/")) | dict(fields or {})))


def personal(entry: AccountEntry) -> dict[str, str]:
    """What the vault holds of an account's owner."""
    with bulk_transaction() as cursor:
        return people.vault.own(cursor, entry.subject_id)


def newest() -> AccountEntry:
    return max(accounts(), key=lambda entry: entry.id)


@of("wuhan")
def test_a_visitor_without_a_bank_account_joins_by_her_phone() -> None:
    visitor, page = begins("wuhan", "10000000001")
    assert page.location == "/join/"
    form = visitor.opens("/join/").text
    assert "What is collected" in form and "says that you are its customer" not in form
    assert accounts() == []
    assert agrees(visitor).location == "/home/"
    assert "Your carbon account is open." in visitor.opens("/home/").text
    opened = newest()
    assert personal(opened) == {"phone": "+8610000000001"}
    with bulk_transaction() as cursor:
        how = people.joining_of(cursor, opened.id)
    assert how is not None and (how.door, how.host_id, how.rules) == ("phone", None, ("anybody",))
    # Her phone is her log-in from now on, and joining again leads her home.
    again, page = begins("wuhan", "+86 100 0000 0001")
    assert page.location == "/home/"
    assert "You have a carbon account already" in again.opens("/home/").text
    assert len(accounts()) == 1


@of("wuhan")
def test_a_second_door_opens_the_first_account_only_when_she_has_shown_both() -> None:
    first, _ = begins("wuhan", "10000000001")
    agrees(first)
    opened = newest()
    # The same number told by another app is no proof of being the same person.
    stranger = browser()
    page = hand_over(stranger, "card", "gil", "+8610000000001")
    assert opened.handle not in page.text
    # She goes on, and shows by a code that the first account's phone is in her hand.
    stranger.sends("/enter/", **(hidden(page) | {"wording": "0"}))
    assert shows_phone(stranger, "10000000001").location == "/join/"
    asked = stranger.opens("/join/")
    assert f"Keep {opened.handle}, and let City card open it" in asked.text
    assert agrees(stranger, {"wish": "add"}).location == "/home/"
    assert len(accounts()) == 1
    later = hand_over(browser(), "card", "gil")
    assert f"{opened.handle} is your carbon account" in later.text
    # Somebody else of the same app does not get it.
    assert opened.handle not in hand_over(browser(), "card", "hal").text


def quiet(entry: AccountEntry) -> bool:
    with bulk_transaction() as cursor:
        return people.quiet_until(cursor, entry.id) is not None


def kinds(entry: AccountEntry) -> list[people.EventKind]:
    return [one.kind for one in people.identity_history(entry.id)]


def comes_by_second_door(phone: str | None = None, number: str = ID_NUMBER) -> Page:
    """The owner of the first account is sent by another app, and wants it to open that account."""
    visitor, _ = begins("wuhan", "10000000001")
    page = hand_over(visitor, "card", "gil", phone, id_number=(number,))
    visitor.sends("/enter/", **(hidden(page) | {"wording": "0"}))
    return visitor.sends("/join/", wish="add", wording=people.current_wording().digest)


@of("wuhan")
def test_a_second_door_is_a_new_way_in_and_agreed_to_with_evidence(database: Database) -> None:
    agrees(begins("wuhan", "10000000001")[0])
    assert not quiet(newest())
    assert comes_by_second_door().location == "/home/"
    assert people.EventKind.HOST_ADDED in kinds(newest())
    assert quiet(newest())
    with database.connect("owner") as owner:
        pressed = owner.execute("select button from consent_giving").fetchall()
    assert (f"Keep {newest().handle}, and let City card open it",) in pressed


@of("wuhan")
def test_a_second_door_for_somebody_else_is_refused() -> None:
    agrees(begins("wuhan", "10000000001")[0])
    first = newest()
    digest = people.identity_digest("id_number", ID_NUMBER)
    people.vouch(first, partner("card").id, "id_number", digest)
    refused = comes_by_second_door(number="110105199003070011")
    assert refused.status == 409
    assert "Another identity was vouched for" in refused.text
    agrees(begins("wuhan", "10000000002")[0])
    assert comes_by_second_door(phone="+8610000000002").status == 409
    assert people.EventKind.HOST_ADDED not in kinds(first)


@of("wuhan")
def test_from_a_mini_program_a_newcomer_joins_and_is_linked(platforms: Platforms) -> None:
    visitor = in_app("wechat")
    assert taps(visitor, platforms, "wechat", "gil").location == "/enter/phone/"
    visitor.sends("/enter/phone/", phone="10000000001")
    shown = visitor.opens("/enter/phone/code/").text.partition("Your code is ")[2][:6]
    assert visitor.sends("/enter/phone/code/", code=shown).location == "/join/"
    assert agrees(visitor).location == "/home/"
    assert [one.channel for one in people.channels_of(newest().id)] == ["wechat"]
    assert taps(in_app("wechat"), platforms, "wechat", "gil").location == "/home/"
    assert taps(in_app("wechat"), platforms, "wechat", "hal").location == "/enter/phone/"


@of("two-cards")
@pytest.mark.parametrize("kinds", [("debit",), ("credit",), ("debit", "credit")])
def test_debit_and_credit_cards_are_alike(kinds: tuple[str, ...]) -> None:
    visitor = browser()
    page = hand_over(visitor, "bank", card_kinds=kinds)
    assert visitor.goes_on(page).location == "/home/"


@of("two-cards")
def test_a_refused_person_reads_the_rule_and_what_she_can_do() -> None:
    for lang, words in (
        ("en", "holders of a debit or credit card of the bank Open a debit card or apply"),
        ("zh-hans", "持有本行借记卡或信用卡 请先开立借记卡或申请信用卡。"),
    ):
        page = hand_over(browser(lang), "bank", card_kinds=("prepaid",))
        assert (page.status, words in page.text) == (403, True), page.text
    assert accounts() == []


@of("staff")
def test_only_a_verified_phone_tells_whether_it_is_on_the_roster() -> None:
    rules = rulebook_in_force()
    roster = rules.programme_file("staff").joining.lists["roster"]
    people.load_list(rules.programme_ids["staff"], roster, ["10000000001"])
    outsider, page = begins("staff", "10000000002")
    assert page.location == "/join/"
    refused = outsider.opens("/join/")
    assert refused.status == 403
    assert "staff on the group's roster Ask your human resources office" in refused.text
    # Typing a colleague's number tells nothing: her code is needed first.
    nosy = browser()
    nosy.sends("/join/", programme="staff")
    asked = [nosy.sends("/join/phone/", phone=number) for number in ("10000000001", "10000000003")]
    assert {page.location for page in asked} == {"/join/code/"}
    wrong = [nosy.sends("/join/code/", code="0").text]
    assert "roster" not in wrong[0]
    insider, _ = begins("staff", "10000000001")
    form = insider.opens("/join/").text
    assert (
        "employer Staff of the group To count your acts with your unit."
        in form.replace("员工", "员工")
        or "集团员工" in form
    )
    assert agrees(insider).location == "/home/"
    assert personal(newest()) == {"phone": "+8610000000001", "employer": "集团员工"}


@of("car-owners")
def test_owners_of_given_models_join_and_nobody_else() -> None:
    visitor = browser()
    page = hand_over(visitor, "maker", car_model=("bz4x",))
    assert "bz4x" in page.text
    assert visitor.goes_on(page).location == "/home/"
    assert personal(newest())["car_model"] == "bz4x"
    for claims in ({}, {"car_model": ("corolla",)}):
        refused = hand_over(browser(), "maker", "hal", **claims)
        assert (refused.status, "owners of the models" in refused.text) == (403, True)


@of("freight")
def test_a_freight_driver_needs_licence_and_registration() -> None:
    rules = rulebook_in_force()
    carriers = rules.programme_file("freight").joining.lists["carriers"]
    people.load_list(rules.programme_ids["freight"], carriers, ["gil", "hal"])
    neither = hand_over(browser(), "freight", "ida", licence=("C1",)).text
    assert "drivers whose licence covers trucks" in neither
    assert "drivers registered with the platform" in neither
    one = hand_over(browser(), "freight", "hal", licence=("C1",)).text
    assert "covers trucks" in one and "registered with" not in one
    visitor = browser()
    assert visitor.goes_on(hand_over(visitor, "freight", licence=("C1", "A2"))).location == "/home/"


@of("public-units")
def test_a_unit_joins_with_its_name_and_a_person_with_her_employers() -> None:
    unit, _ = begins("public-units", "10000000001")
    form = unit.opens("/join/").text
    assert "Kind of account" in form and "To count your acts with your unit." in form
    missing = agrees(unit, {"kind": "unit"})
    assert missing.status == 422
    assert "Please fill this in." in missing.text
    assert agrees(unit, {"kind": "unit", "organisation": "河边中学", "employer": "x"}).location == (
        "/home/"
    )
    assert personal(newest()) == {"phone": "+8610000000001", "organisation": "河边中学"}
    with bulk_transaction() as cursor:
        cursor.execute("select kind, points_unit from account where id = %s", [newest().id])
        assert cursor.fetchall() == [(AccountKind.UNIT, 4)]
    person, _ = begins("public-units", "10000000002")
    answers = {"kind": "person", "employer": "河边中学"}
    assert agrees(person, answers).location == "/home/"
    assert personal(newest()) == {"phone": "+8610000000002", "employer": "河边中学"}


@of("public-units")
def test_a_way_in_that_others_try_first_is_refused_until_she_may(platforms: Platforms) -> None:
    rules = rulebook_in_force()
    number, joining = (
        rules.programme_ids["public-units"],
        rules.programme_file("public-units").joining,
    )
    newcomer = in_app("wechat")
    taps(newcomer, platforms, "wechat", "new")
    assert newcomer.sends("/enter/phone/", phone="10000000003").location == "/enter/phone/code/"
    assert "This way in is not open to you yet." in types_code(newcomer).text
    owner, _ = begins("public-units", "10000000001")
    agrees(owner, {"kind": "person", "employer": "河边中学"})
    visitor = in_app("wechat")
    taps(visitor, platforms, "wechat", "gil")
    visitor.sends("/enter/phone/", phone="10000000001")
    assert "This way in is not open to you yet." in types_code(visitor).text
    people.move_cohort(number, joining, "pilot", "open", by="Ling", note="begin")
    owner.sends("/cohorts/part/", cohort="pilot", wish="enter")
    visitor.sends("/enter/phone/", phone="10000000001")
    assert types_code(visitor).location == "/home/"
    assert taps(in_app("wechat"), platforms, "wechat", "gil").location == "/home/"
    # She leaves the trial: the way in is closed to her again, and she is logged in elsewhere still.
    owner.sends("/cohorts/part/", cohort="pilot", wish="leave")
    assert taps(in_app("wechat"), platforms, "wechat", "gil").status == 403
    assert owner.opens("/home/").status == 200


@of("beta")
def test_before_the_launch_only_invited_cardholders_join() -> None:
    rules = rulebook_in_force()
    number, joining = rules.programme_ids["beta"], rules.programme_file("beta").joining
    people.load_list(number, joining.lists["invited"], ["gil"])
    cardholder = {"cardholder": ()}
    announced = hand_over(browser(), "bank", "gil", **cardholder)
    assert "For now only invited testers can open an account." in announced.text
    people.move_cohort(number, joining, "beta", "open", by="Ling", note="begin")
    assert hand_over(browser(), "bank", "hal", **cardholder).status == 403
    visitor = browser()
    assert visitor.goes_on(hand_over(visitor, "bank", "gil", **cardholder)).location == "/home/"
    page = visitor.opens("/cohorts/").text
    assert "You take part, as number 1." in page
    assert "Answer a few questions" in page
    assert visitor.sends("/cohorts/questions/after-a-week/", clear="").status == 422
    assert visitor.sends("/cohorts/questions/after-a-week/", clear="well").location == "/cohorts/"
    assert "Answer a few questions" not in visitor.opens("/cohorts/").text
    # The launch: two persons, no restart; then everybody with a card may join.
    change = people.move_cohort(number, joining, "beta", "everyone", by="Ling", note="launch")
    assert hand_over(browser(), "bank", "hal", **cardholder).status == 403
    people.approve_change(change.id, by="Mei")
    newcomer = browser()
    assert newcomer.goes_on(hand_over(newcomer, "bank", "hal", **cardholder)).location == "/home/"


@of("first-come")
def test_a_public_call_is_full_after_its_places(database: Database) -> None:
    rules = rulebook_in_force()
    number, joining = rules.programme_ids["first-come"], rules.programme_file("first-come").joining
    people.move_cohort(number, joining, "first", "open", by="Ling", note="begin")
    visitors = [begins("first-come", f"1000000000{place}")[0] for place in range(1, 4)]
    forms = [hidden(visitor.opens("/join/")) for visitor in visitors]
    answers = [v.sends("/join/", **form) for v, form in zip(visitors, forms, strict=True)]
    assert [page.location for page in answers] == ["/home/", "/home/", ""]
    assert "All places in this test are taken." in answers[2].text
    assert len(accounts()) == 2
    assert account(newest().handle) is not None
