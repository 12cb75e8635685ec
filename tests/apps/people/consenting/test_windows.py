"""When consent holds: until it is withdrawn, or overtaken by other words; one press is one."""

from __future__ import annotations

import time
import uuid

import psycopg
import pytest
from apps_world import report, ride
from people_world import NOW_US, bank, bikes, opening

from clean_database import Database
from tanzhang.apps.activities.api import accept
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.models import Consent, ConsentText
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

HOUR_US = 3_600_000_000


@pytest.fixture
def ada() -> people.AccountEntry:
    return people.open_account(opening("ada"))[0]


def give(account: people.AccountEntry, purpose: str, *kinds: str, press: people.Press) -> None:
    text = people.current_wording(people.purposes()[purpose].text)
    people.grant(
        account,
        bikes(),
        text_id=text.id,
        at_us=NOW_US,
        purpose=purpose,
        kinds=kinds,
        press=press,
    )


def live(account: people.AccountEntry, purpose: str, kind: str | None = None) -> bool:
    with bulk_transaction() as cursor:
        return people.consent_live(
            cursor, account.id, bikes(), purpose, NOW_US + HOUR_US, kind=kind
        )


def verdict(at_us: int, external_id: str) -> str | None:
    row = ride(external_id, started_us=at_us - HOUR_US, ended_us=at_us)
    said = accept(report(row), partner="bikes", programme="lake", received_us=at_us)
    return said.verdicts["code"][0]


# --- a changed text -------------------------------------------------------------------------------


@pytest.mark.parametrize("material", [True, False])
def test_other_words_stop_collection_if_they_say_another_thing(
    ada: people.AccountEntry, material: bool
) -> None:
    assert verdict(NOW_US + HOUR_US, "r1") is None
    ConsentText.objects.create(
        code="open-account", version="later", material=material, zh="新", en="new", digest=b"d" * 32
    )
    now_us = time.time_ns() // 1_000 + HOUR_US
    assert verdict(now_us, "r2") == ("no_consent" if material else None)
    newest = ConsentText.objects.get(version="later")
    people.grant(ada, bikes(), text_id=newest.id, at_us=now_us)
    assert verdict(now_us + 2 * HOUR_US, "r3") is None
    rows = Consent.objects.filter(account_id=ada.id, partner_id=bikes()).order_by("id")
    assert [row.to_us is None for row in rows] == [False, True]
    assert Consent.objects.get(account_id=ada.id, partner_id=bank()).to_us is None


def test_a_new_kind_of_sensitive_data_is_asked_for_again(ada: people.AccountEntry) -> None:
    give(ada, people.SENSITIVE, "health", press=people.Press())
    assert live(ada, people.SENSITIVE, "health")
    assert not live(ada, people.SENSITIVE, "financial")
    give(ada, people.SENSITIVE, "health", "financial", press=people.Press())
    assert live(ada, people.SENSITIVE, "financial")
    assert Consent.objects.filter(account_id=ada.id, purpose=people.SENSITIVE).count() == 2


# --- one press, one consent -----------------------------------------------------------------------


def test_no_press_makes_a_second_consent(ada: people.AccountEntry) -> None:
    press = people.Press(uuid.uuid4(), "h5", "I agree to this alone", "The lake")
    give(ada, people.SENSITIVE, "health", press=press)
    with pytest.raises(Problem, match=r"consenting\.press_used"):
        give(ada, people.SHARE, press=press)
    assert (live(ada, people.SENSITIVE), live(ada, people.SHARE)) == (True, False)


def test_opening_an_account_gives_nothing_that_has_to_be_separate(
    ada: people.AccountEntry,
) -> None:
    assert set(Consent.objects.values_list("purpose", flat=True)) == {people.COLLECT}
    for purpose in set(people.PURPOSES) - {people.COLLECT}:
        assert not live(ada, purpose)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        # a second consent by the same press, even for another source
        ("partner_id = %(bank)s", "consent_separate_once"),
        # for another purpose than the form had
        ("partner_id = %(bank)s, purpose = 'share_balance', kinds = '{}'", "giving"),
        # by no press at all
        ("partner_id = %(bank)s, giving_id = null", "consent_separate_has_giving"),
        # of nothing that was listed
        ("partner_id = %(bank)s, kinds = '{}'", "consent_names_what_is_sensitive"),
        # twice for one thing
        ("from_us = 7", "consent_open_once|consent_separate_once"),
    ],
)
def test_the_database_makes_no_two_consents_of_one_tick(
    ada: people.AccountEntry, database: Database, change: str, constraint: str
) -> None:
    give(ada, people.SENSITIVE, "health", press=people.Press())
    with (
        database.connect("owner") as owner,
        pytest.raises(psycopg.errors.IntegrityError, match=constraint),
    ):
        owner.execute("create temporary table again as select * from consent where giving_id in"
                      " (select id from consent_giving where purpose = 'sensitive')")  # fmt: skip
        owner.execute("update again set id = 1000000")
        owner.execute(f"update again set {change}".encode(), {"bank": bank()})
        owner.execute("insert into consent select * from again")


def test_one_press_is_one_giving_with_one_purpose(
    ada: people.AccountEntry, database: Database
) -> None:
    give(ada, people.SENSITIVE, "health", press=people.Press())
    with (
        database.connect("owner") as owner,
        pytest.raises(psycopg.errors.UniqueViolation, match="press"),
    ):
        owner.execute(
            "insert into consent_giving (press, account_id, subject_id, given_us, purpose, text_id,"
            " channel, button, handler) select press, account_id, subject_id, given_us,"
            " 'share_balance', text_id, channel, button, handler from consent_giving"
            " where purpose = 'sensitive'"
        )
