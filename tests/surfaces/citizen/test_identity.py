"""Who I am: linking by a second factor, another number, coming back, closing; all without JS."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.utils import timezone

from river.reports import act, hand_in
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import drain, own_accounts
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.views import recovery, waking

from .browser import Browser, Page, browser, logged_in

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

ADA_PHONE, BO_PHONE, NEW_PHONE = "13800000001", "13800000002", "13800000003"
NUMBER = "11010519491231002X"


def owner(name: str) -> people.AccountEntry:
    found = people.account(f"river-{name}")
    assert found is not None
    return found


def vouched(name: str, number: str = NUMBER) -> people.AccountEntry:
    account = owner(name)
    digest = people.identity_digest("id_number", number)
    people.vouch(account, partner("bank").id, "id_number", digest)
    return account


def code_on(page: Page) -> str:
    (code,) = re.findall(r"\b(\d{6})\b", page.text)
    return str(code)


def shows_phone(visitor: Browser, path: str, phone: str) -> Page:
    """Ask for a code on a page, and type it; where that leads."""
    asked = visitor.sends(path, phone=phone)
    assert asked.status == 302, asked.text
    return visitor.sends(asked.location, code=code_on(visitor.opens(asked.location)))


def test_the_same_phone_and_nothing_else_links_nothing() -> None:
    people.link_phone(owner("di"), BO_PHONE)
    ada = logged_in("river-ada")
    confirm = shows_phone(ada, "/me/identity/link/", BO_PHONE)
    assert confirm.location == "/me/identity/link/confirm/"
    refused = ada.opens(confirm.location)
    assert refused.status == 409
    assert "not shown yet that both accounts are of one person" in refused.text
    assert ada.sends(confirm.location).status == 409
    assert own_accounts(owner("di")) == []


def test_a_second_factor_links_and_the_double_claim_is_explained() -> None:
    ada, di = vouched("fu"), vouched("di")
    people.link_phone(di, BO_PHONE)
    hand_in(act("a", "05-31 08:00", person="fu", partner="bank"))
    hand_in(act("b", "05-31 08:00", person="di", partner="bikes"))
    drain()
    visitor = logged_in("river-fu")
    confirm = shows_phone(visitor, "/me/identity/link/", BO_PHONE)
    asked = visitor.opens(confirm.location)
    assert asked.status == 200
    assert "it counts once from now on" in asked.text
    assert own_accounts(ada) == []  # looking changes nothing
    done = visitor.sends(confirm.location)
    assert done.location == "/me/identity/"
    drain()
    page = visitor.opens("/me/identity/")
    assert di.handle in page.text
    assert "You linked another account of yours" in page.text
    together = visitor.opens("/me/")
    assert "All your accounts together" in together.text
    statuses = sorted(line.status for line in statements(ada, di))
    assert statuses == ["credited", "duplicate"]


def statements(*accounts: people.AccountEntry) -> list[object]:
    from tanzhang.apps.activities.api import statement
    from tanzhang.apps.catalogue.api import rulebook_in_force

    rules = rulebook_in_force()
    return [line for account in accounts for line in statement(account, rules).events]


def test_a_link_can_be_taken_back() -> None:
    fu, di = vouched("fu"), vouched("di")
    people.link_phone(di, BO_PHONE)
    visitor = logged_in("river-fu")
    visitor.sends(shows_phone(visitor, "/me/identity/link/", BO_PHONE).location)
    drain()
    assert [own.account for own in own_accounts(fu)] == [di]
    assert visitor.sends("/me/identity/link/undo/", account=str(di.id)).status == 302
    drain()
    assert own_accounts(fu) == []


def test_what_was_shown_minutes_ago_is_forgotten_by_another_log_in() -> None:
    vouched("fu")
    people.link_phone(vouched("di"), BO_PHONE)
    people.link_phone(owner("bo"), ADA_PHONE)
    visitor = logged_in("river-fu")
    shows_phone(visitor, "/me/identity/link/", BO_PHONE)
    visitor.sends("/log-out/")
    shows_phone(visitor, "/log-in/", ADA_PHONE)
    assert visitor.opens("/me/identity/link/confirm/").location == "/me/identity/link/"


def test_a_number_is_changed_by_the_old_one_and_the_new_one() -> None:
    fu = owner("fu")
    people.link_phone(fu, ADA_PHONE)
    visitor = logged_in("river-fu")
    assert (
        "which number opens this account now" in visitor.opens("/me/identity/number/").text.lower()
    )
    back = shows_phone(visitor, "/me/identity/number/", ADA_PHONE)
    assert back.location == "/me/identity/number/"
    assert "shall open this account from now on" in visitor.opens(back.location).text
    done = shows_phone(visitor, "/me/identity/number/", NEW_PHONE)
    assert done.location == "/me/identity/"
    assert people.account_of_phone(NEW_PHONE) == fu.id
    assert people.account_of_phone(ADA_PHONE) is None


def test_the_new_number_comes_after_the_old_one_alone() -> None:
    people.link_phone(owner("fu"), ADA_PHONE)
    visitor = logged_in("river-fu")
    refused = shows_phone(visitor, "/me/identity/number/", NEW_PHONE)
    assert refused.status == 422
    assert "This number does not open your account" in refused.text
    assert people.account_of_phone(NEW_PHONE) is None


def test_a_recovery_is_cancelled_by_a_log_in() -> None:
    fu = vouched("fu")
    people.link_phone(fu, ADA_PHONE)
    thief = browser()
    thief.sends("/log-in/recover/", handle=fu.handle, phone=NEW_PHONE, number=NUMBER)
    page = thief.opens("/log-in/recover/code/")
    asked = thief.sends("/log-in/recover/code/", code=code_on(page))
    assert asked.location == "/log-in/recover/asked/"
    assert "7 days" in thief.opens(asked.location).text
    assert people.cases_of(fu.id)[0].is_open
    her = browser()
    shows_phone(her, "/log-in/", ADA_PHONE)
    assert "you logged in, so that is cancelled" in her.opens("/home/").text.lower()
    assert not people.cases_of(fu.id)[0].is_open
    refused = shows_phone(thief, "/log-in/recover/again/", NEW_PHONE)
    assert "This number opens no account now" in refused.text


def test_whoever_is_logged_in_is_told_of_a_recovery_and_cancels_it() -> None:
    fu = vouched("fu")
    her, visitor = logged_in("river-fu"), browser()
    assert "Somebody asks" not in her.opens("/home/").text
    visitor.sends("/log-in/recover/", handle=fu.handle, phone=NEW_PHONE, number="")
    code = code_on(visitor.opens("/log-in/recover/code/"))
    visitor.sends("/log-in/recover/code/", code=code)
    home = her.opens("/home/")
    assert "Somebody asks for this account with another phone." in home.text
    (there,) = re.findall(r'href="([^"]+)"[^>]*>\s*Look, and cancel it', home.source)
    page = her.opens(there)
    assert "another phone can open the account from" in page.text
    (form,) = re.findall(r'action="([^"]+cancel/)"', page.source)
    assert browser().sends(form).location == "/log-in/"  # nobody else does
    assert people.cases_of(fu.id)[0].is_open
    done = her.sends(form)
    told = her.opens(done.location)
    assert "the other phone will not open this account" in told.text
    assert "another phone can open the account from" not in told.text
    assert "Somebody asks" not in her.opens("/home/").text
    case = people.cases_of(fu.id)[0]
    assert (case.is_open, case.steps[-1]) == (False, people.Step.CANCELLED)
    assert her.sends(form).location == "/me/identity/"  # pressing once more does no harm
    refused = shows_phone(visitor, "/log-in/recover/again/", NEW_PHONE)
    assert "This number opens no account now" in refused.text


def test_a_death_that_somebody_reports_is_not_told_on_the_page() -> None:
    people.report_death(owner("fu").id, by="wang", reason="her son came", documents=[b"x" * 32])
    her = logged_in("river-fu")
    assert "Somebody asks" not in her.opens("/home/").text
    her.sends("/me/identity/recovery/cancel/")
    assert people.cases_of(owner("fu").id)[0].is_open


def test_a_recovery_opens_the_account_after_the_waiting() -> None:
    fu = vouched("fu")
    people.link_phone(fu, ADA_PHONE)
    then = timezone.now() - timedelta(days=8)
    wanted = people.Recovery(fu, NEW_PHONE, people.identity_digests(NUMBER))
    people.ask_recovery(wanted, then)
    her = browser()
    done = shows_phone(her, "/log-in/recover/again/", NEW_PHONE)
    assert done.location == "/home/"
    assert her.opens("/home/").status == 200
    assert people.account_of_phone(NEW_PHONE) == fu.id


def test_whoever_is_sanctioned_and_has_lost_her_phone_comes_back_to_appeal() -> None:
    fu = vouched("fu")
    people.link_phone(fu, ADA_PHONE)
    sanction(fu)
    assert asks_for(fu.handle)[1] == "/log-in/recover/asked/"
    case = people.cases_of(fu.id)[0]
    people.check_documents(case.id, by="wang", note="passport", documents=[b"x" * 32])
    step = people.propose_step(case.id, "shorten", by="wang", note="she stands at the counter")
    people.decide_step(step, approve=True, by="li", note="seen")
    her = browser()
    assert shows_phone(her, "/log-in/recover/again/", NEW_PHONE).location == "/home/"
    assert her.opens("/home/").location == "/me/rights/"
    assert "This account is frozen by a sanction" in her.opens("/me/rights/").text


def sanction(whom: people.AccountEntry) -> None:
    for step in (1, 2):
        activities.sanction(whom.id, step, by="ling", note="forty accounts on one phone")


def test_of_the_numbers_fingerprint_only_she_reads_of_whom_there_is_one() -> None:
    fu, sentence = owner("fu"), "only a fingerprint of it"
    people.vouch_of_age(fu, partner("bank").id)
    page = logged_in("river-fu").opens("/me/identity/").text
    assert "of age" in page and sentence not in page
    vouched("fu")
    assert sentence in logged_in("river-fu").opens("/me/identity/").text


def test_nobody_learns_by_asking_which_accounts_there_are() -> None:
    pages = []
    for handle in ("river-fu", "river-nobody"):
        visitor = browser()
        visitor.sends("/log-in/recover/", handle=handle, phone=NEW_PHONE, number="")
        page = visitor.opens("/log-in/recover/code/")
        answer = visitor.sends("/log-in/recover/code/", code=code_on(page))
        pages.append((answer.status, answer.location, visitor.opens(answer.location).text))
    assert pages[0] == pages[1]
    assert len(people.cases_of(owner("fu").id)) == 1


def asks_for(handle: str) -> tuple[int, str, str]:
    """What somebody is answered who asks for an account and comes back at once."""
    visitor = browser()
    visitor.sends("/log-in/recover/", handle=handle, phone=NEW_PHONE, number="")
    page = visitor.opens("/log-in/recover/code/")
    answer = visitor.sends("/log-in/recover/code/", code=code_on(page))
    return answer.status, answer.location, visitor.opens(answer.location).text


def test_nobody_asks_for_an_account_by_its_number() -> None:
    assert asks_for(str(owner("fu").id))[:2] == (302, "/log-in/recover/asked/")
    assert people.cases_of(owner("fu").id) == []


@pytest.mark.parametrize(
    "code",
    [
        *("people.account_restricted", "personal.key_destroyed"),
        *("identity.frozen", "identity.account_ended"),
    ],
)
def test_nobody_learns_by_asking_how_an_account_stands(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise Problem(code)

    nobody = asks_for("river-nobody")
    monkeypatch.setattr(recovery, "ask_recovery", refuse)
    assert asks_for("river-fu") == nobody


def comes_back(phone: str) -> tuple[int, str, str]:
    """What somebody is answered who comes back with a phone."""
    page = shows_phone(browser(), "/log-in/recover/again/", phone)
    return page.status, page.location, re.sub(r"\d{6}", "the code", page.text)


def test_nobody_learns_by_coming_back_how_an_account_stands() -> None:
    fu, long_ago = vouched("fu"), timezone.now() - timedelta(days=8)
    nobody = comes_back(BO_PHONE)
    assert nobody[0] == 422
    people.ask_recovery(people.Recovery(owner("di"), "13800000011"))  # it waits
    people.ask_recovery(people.Recovery(owner("bo"), "13800000012"), long_ago)  # nobody checked it
    wanted = people.Recovery(fu, "13800000013", people.identity_digests(NUMBER))
    people.ask_recovery(wanted, long_ago)
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [fu.id], people.State.FROZEN, "death case 1")
    assert comes_back("13800000011") == comes_back("13800000012") == nobody
    assert comes_back("13800000013") == nobody


def test_the_identity_number_is_nowhere_in_the_session() -> None:
    visitor = browser()
    visitor.sends("/log-in/recover/", handle="river-fu", phone=NEW_PHONE, number=NUMBER)
    assert NUMBER not in str(dict(visitor.client.session))


def test_an_account_that_slept_wants_the_vouched_number_once_a_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fu = vouched("fu")
    people.link_phone(fu, ADA_PHONE)
    people.admit(fu.id, people.Way.PHONE, timezone.now() - timedelta(days=400))
    visitor = browser()
    asleep = shows_phone(visitor, "/log-in/", ADA_PHONE)
    assert asleep.location == "/log-in/wake/"
    wrong = visitor.sends("/log-in/wake/", number="110105199003070011")
    assert wrong.status == 422
    assert visitor.opens("/log-in/wake/").location == "/log-in/"
    shows_phone(visitor, "/log-in/", ADA_PHONE)
    assert visitor.sends("/log-in/wake/", number=NUMBER).location == "/home/"
    assert visitor.opens("/home/").status == 200


def test_two_guesses_at_once_of_the_vouched_number_are_one_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fu = vouched("fu")
    people.link_phone(fu, ADA_PHONE)
    people.admit(fu.id, people.Way.PHONE, timezone.now() - timedelta(days=400))
    visitor, tried = browser(), []
    assert shows_phone(visitor, "/log-in/", ADA_PHONE).location == "/log-in/wake/"
    both_in = Barrier(2)

    def guess(account_id: int, way: people.Way, number: str) -> people.Admitted:
        tried.append(number)
        with suppress(BrokenBarrierError):  # the other guess was kept out
            both_in.wait(1)
        return people.wake(account_id, way, number)

    def send(number: str) -> Page:
        """From a second tab of the same browser."""
        tab = browser()
        tab.client.cookies = visitor.client.cookies
        try:
            return tab.sends("/log-in/wake/", number=number)
        finally:
            connection.close()

    monkeypatch.setattr(waking, "wake", guess)
    with ThreadPoolExecutor(2) as pool:
        wrong = ["110105199003070011", "110105199003070038"]
        pages = list(pool.map(send, wrong))
    assert {page.status for page in pages} <= {302, 422}
    assert len(tried) == 1


def test_closing_says_first_what_becomes_of_everything() -> None:
    hand_in(act("a", "05-31 08:00", person="fu"))
    drain()
    visitor = logged_in("river-fu")
    page = visitor.opens("/me/closing/")
    assert "What is left of your points lapses" in page.text
    assert "number" not in re.findall(r'name="(\w+)"', page.source)  # no identity is asked for
    assert "still open" not in page.text
    with bulk_transaction() as cursor:
        people.make_request(cursor, owner("fu"), people.RequestKind.OTHER, "what do you keep?")
    assert "1 request or appeal of yours is still open" in visitor.opens("/me/closing/").text
    closed = visitor.sends("/me/closing/", wish="close")
    assert "Your account is closed" in closed.text
    assert visitor.opens("/me/").location == "/log-in/"
    assert people.identity_history(owner("fu").id)[0].kind is people.EventKind.CLOSED


def test_pages_of_a_person_are_shown_to_nobody_else() -> None:
    for path in ("identity", "identity/link", "identity/number", "family", "closing"):
        assert browser().opens(f"/me/{path}/").location == "/log-in/"
