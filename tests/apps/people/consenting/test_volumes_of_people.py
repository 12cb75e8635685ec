"""Natural persons are counted, as long as they are here, and years are China's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people_groups import account, group, new_group
from people_world import NOW_US, bank

from tanzhang.apps.people import api as people
from tanzhang.apps.people.consenting.volumes import Volumes
from tanzhang.apps.people.models import Child, Consent, Disclosure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

NOW = datetime(2024, 6, 1, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  #: 2027-01-01 00:00 in China
INSTANT = timedelta(microseconds=1)


def erase(person: people.AccountEntry, folder: Path) -> None:
    people.erase(person.subject_id, people.Journal(folder, people.installation().id_text))


def given_abroad(person: people.AccountEntry, at: datetime) -> None:
    """Note that a partner abroad, to which she agreed, read of her."""
    consent, _ = Consent.objects.get_or_create(
        subject_id=person.subject_id,
        account_id=person.id,
        from_us=0,
        partner_id=bank(),
        purpose=people.CROSS_BORDER,
    )
    Disclosure.objects.create(
        subject_id=person.subject_id, consent=consent, at=at, partner_id=bank(), what="balance"
    )


def test_a_household_and_a_community_are_no_persons() -> None:
    ada = account("ada")
    account("bo")
    people.make_group(ada, new_group(people.AccountKind.HOUSEHOLD))
    group(people.AccountKind.COMMUNITY)
    assert people.volumes(NOW) == Volumes(2, 0, 0, 0)


def test_whoever_was_erased_is_counted_no_more_grown_up_or_not(tmp_path: Path) -> None:
    ada, bo = account("ada"), account("bo")
    for each in (ada, bo):
        Child.objects.create(
            account_id=each.id, subject_id=each.subject_id, fourteen_us=NOW_US + 1_000_000
        )
    assert people.volumes(NOW) == Volumes(2, 0, 2, 0)
    erase(ada, tmp_path)
    assert people.volumes(NOW) == Volumes(1, 0, 1, 0)
    assert people.volumes(NOW + timedelta(seconds=1)) == Volumes(1, 0, 0, 0)


def test_the_year_of_what_was_given_abroad_begins_in_china() -> None:
    ada, bo = account("ada"), account("bo")
    given_abroad(ada, NEW_YEAR - INSTANT)
    given_abroad(bo, NEW_YEAR)
    assert people.volumes(NEW_YEAR - INSTANT).cross_border_persons == 2
    for later in (timedelta(), timedelta(hours=8), timedelta(days=364)):
        assert people.volumes(NEW_YEAR + later).cross_border_persons == 1
    assert people.volumes(NEW_YEAR + timedelta(days=365)).cross_border_persons == 0
