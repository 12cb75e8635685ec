"""An erased person is on no list of an operator's any more; everybody else stays on it."""

from __future__ import annotations

import pytest

from river.books import ask
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.apps.people.erasure.listed import strike_from_lists

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PHONE, ANOTHER = "13800138000", "13900139000"


def listed() -> set[bytes]:
    return {bytes(row[0]) for row in ask("select entry_index from people_list_entry")}


def test_phone_and_reference_are_struck_and_no_other_entry() -> None:
    who = people.account("river-ada")
    assert who is not None
    people.link_phone(who, PHONE)
    refs = people.person_refs(people.installation_secret(), "bikes", ["ada", "bo"])
    assert people.account_by_ref(partner("bikes").id, refs[0]) == who
    with bulk_transaction() as cursor:
        hers, others = (people.phone_indexes(cursor, phone) for phone in (PHONE, ANOTHER))
        for entry in (hers.newest, others.newest, *refs):
            key = None if entry in refs else hers.key_id
            cursor.execute(
                "insert into people_list_entry (programme_id, list, entry_index, index_key_id)"
                " select min(id), 'early', %s, %s from programme",
                [entry, key],
            )
        assert strike_from_lists(cursor, who.subject_id) == 2
    assert listed() == {others.newest, refs[1]}
