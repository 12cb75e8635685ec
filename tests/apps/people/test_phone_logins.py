"""A number opens one account, and an account is opened by one number, whoever comes at once."""

from __future__ import annotations

import pytest
from at_once import Meeting, at_once
from people_groups import account

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, phone_logins

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

ONE, OTHER = "13800000001", "13800000002"


def test_two_numbers_at_once_leave_one_that_opens_the_account(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, meeting = account("ada"), Meeting()
    with bulk_transaction() as cursor:  # what is made when it is first needed is there
        people.vault.store(cursor, ada.subject_id, {"name": "Ada"})
        people.phone_indexes(cursor, ONE)
    monkeypatch.setattr(phone_logins, "phone_indexes", meeting.after(phone_logins.phone_indexes))
    done = at_once(lambda: people.link_phone(ada, ONE), lambda: people.link_phone(ada, OTHER))
    assert done == [True, True]
    assert meeting.met == 2
    with database.connect() as app:
        assert app.execute("select count(*) from phone_login").fetchall() == [(1,)]
    with bulk_transaction() as cursor:
        known = people.vault.own(cursor, ada.subject_id, ["phone"])["phone"]
    assert people.account_of_phone(known) == ada.id
