"""Who lets a partner read her balance does just that, and sees each reading."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.models import Account, Consent, Subject
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

BIKES, BANK, STRANGER = 1, 2, 3


@pytest.fixture
def ada() -> people.AccountEntry:
    """A person whom two partners know."""
    with bulk_transaction() as cursor:
        people.enrol(
            cursor,
            partner_id=BIKES,
            programme_id=1,
            refs=[b"a" * 16],
            account_handles=["ada"],
            joined_day=0,
            consent_from_us=0,
            also_known={BANK: [b"b" * 16]},
        )
    found = people.account("ada")
    assert found
    return found


def text_id() -> int:
    return people.current_wording(people.SHARE_BALANCE).id


def live(account: people.AccountEntry, purpose: str) -> int:
    return Consent.objects.filter(account_id=account.id, purpose=purpose, to_us=None).count()


def read(account: people.AccountEntry, partner_id: int) -> None:
    with bulk_transaction() as cursor:
        people.note_reading(cursor, account, partner_id, "balance")


def test_consent_to_collect_is_no_consent_to_read(ada: people.AccountEntry) -> None:
    assert live(ada, people.COLLECT) == 2
    with pytest.raises(Problem, match=r"people\.not_shared"):
        read(ada, BIKES)
    assert people.readings_of(ada.subject_id) == []


def test_who_may_read_is_noted_each_time_and_nobody_else_may(ada: people.AccountEntry) -> None:
    people.share(ada, BIKES, text_id=text_id(), at_us=5)
    read(ada, BIKES)
    read(ada, BIKES)
    with pytest.raises(Problem, match=r"people\.not_shared"):
        read(ada, BANK)
    noted = people.readings_of(ada.subject_id)
    assert [(each.partner_id, each.what) for each in noted] == [(BIKES, "balance")] * 2


def test_after_withdrawal_nothing_is_read_from_that_moment_on(ada: people.AccountEntry) -> None:
    people.share(ada, BIKES, text_id=text_id(), at_us=5)
    people.stop_sharing(ada, BIKES, at_us=9)
    with pytest.raises(Problem, match=r"people\.not_shared"):
        read(ada, BIKES)
    assert live(ada, people.COLLECT) == 2, "withdrawing one consent leaves the other as it was"
    people.share(ada, BIKES, text_id=text_id(), at_us=12)
    read(ada, BIKES)


def test_the_list_shows_every_partner_that_knows_the_account(ada: people.AccountEntry) -> None:
    people.share(ada, BIKES, text_id=text_id(), at_us=5)
    assert [(each.partner_id, each.is_live) for each in people.shares_of(ada.id)] == [
        (BIKES, True),
        (BANK, False),
    ]


def test_a_partner_that_does_not_know_the_account_cannot_be_let_in(
    ada: people.AccountEntry,
) -> None:
    with pytest.raises(Problem, match=r"people\.source_unknown"):
        people.share(ada, STRANGER, text_id=text_id(), at_us=5)


def test_sharing_is_of_an_account_and_its_own_subject(ada: people.AccountEntry) -> None:
    other = Subject.objects.create(key=b"k" * 32)
    assert Account.objects.get(id=ada.id).subject_id != other.id

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "insert into consent (account_id, subject_id, partner_id, text_id, from_us)"
            " values (%s, %s, %s, %s, 0)",
            [ada.id, other.id, BIKES, text_id()],
        )
