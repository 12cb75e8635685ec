"""Who lost to herself in another account reads where she won; of others she reads nothing."""

from __future__ import annotations

from datetime import date

import pytest

from river.books import key
from river.kin import account_of, link, part
from river.reports import act, hand_in
from tanzhang.apps.activities.api import Why, biography, drain, find_event, why
from tanzhang.apps.catalogue.api import rulebook_in_force

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def told(person: str, partner: str, external_id: str, lang: str = "en") -> Why:
    event = key(partner, external_id).hex()
    return why(account_of(person), event, rulebook_in_force(), lang)


def one_ride_on_two_platforms() -> None:
    hand_in(
        act("first", "05-30 08:00", person="di"),
        act("second", "05-30 08:05", partner="bank", person="fu"),
    )
    drain()
    link("di", "fu", "05-30")
    drain()


def test_the_loser_reads_who_reported_it_where_and_since_when_both_are_hers() -> None:
    one_ride_on_two_platforms()
    found = told("fu", "bank", "second")
    assert found.elsewhere is not None
    assert (found.elsewhere.account.handle, found.elsewhere.since) == (
        "river-di",
        date(2025, 5, 30),
    )
    assert found.counted_elsewhere == (
        "Bikes reported it too (Riding, 30 May 2025), to your account at “The river”. That account"
        " and this one are linked as yours since 30 May 2025, so that what you did counts once:"
        " there."
    )
    assert not found.lost_to_another_person
    assert found.changes[-1].cause == "your accounts were linked, or are linked no more"
    assert "2025年5月30日" in (told("fu", "bank", "second", "zh").counted_elsewhere or "")


def test_the_winner_reads_nothing_of_it_and_a_stranger_neither() -> None:
    one_ride_on_two_platforms()
    assert told("di", "bikes", "first").counted_elsewhere is None
    hand_in(
        act("bill", "05-10 10:00", "bill", person="di", item_key="meter"),
        act("bill too", "05-20 10:00", "bill", person="bo", item_key="meter"),
    )
    drain()
    found = told("bo", "bank", "bill too")
    assert (found.counted_elsewhere, found.lost_to_another_person) == (None, True)


def test_who_is_parted_reads_no_more_of_the_other_account() -> None:
    """Between the parting and the settlement after it the old outcome still stands."""
    one_ride_on_two_platforms()
    part("di", "fu")
    found = told("fu", "bank", "second")
    assert found.told.lost_to is not None
    assert found.counted_elsewhere is None


def test_an_act_from_before_the_link_lost_to_somebody_else() -> None:
    hand_in(
        act("bill", "05-10 10:00", "bill", person="di", item_key="meter"),
        act("bill too", "05-20 10:00", "bill", person="fu", item_key="meter"),
    )
    drain()
    link("di", "fu", "05-15")
    drain()
    assert told("fu", "bank", "bill too").lost_to_another_person


def test_ones_own_other_account_is_named_without_a_link() -> None:
    hand_in(
        act("one", "05-30 08:00", person="ada"),
        act("two", "05-30 08:05", partner="bank", person="ada-too"),
    )
    drain()
    found = told("ada-too", "bank", "two")
    assert found.elsewhere is not None
    assert found.elsewhere.since is None
    assert "your other account at “The river”" in (found.counted_elsewhere or "")
    assert not found.lost_to_another_person


def test_a_biography_says_which_accounts_are_linked_and_who_lost() -> None:
    one_ride_on_two_platforms()
    rules = rulebook_in_force()
    lost = find_event(key("bank", "second").hex())
    won = find_event(key("bikes", "first").hex())
    assert lost is not None
    assert won is not None
    texts = [sentence.text for sentence in biography(lost, rules, "en").sentences]
    assert (
        "That event is of account river-di, which is linked with this one as one person's since"
        " 30 May 2025." in texts
    )
    texts = [sentence.text for sentence in biography(won, rules, "zh").sentences]
    assert f"优先于事件 {key('bank', 'second').hex()}，后者让位。" in texts
