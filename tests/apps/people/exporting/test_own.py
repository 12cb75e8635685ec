"""The copy is complete: the live schema is asked which tables know something of people."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.people.privacy import everything_kept, everything_left_out

#: A column that is named so leads to a person, directly or through what she did.
LEADS_TO_A_PERSON = (
    *("subject_id", "account_id", "event_key", "one_subject_id", "member_id", "parent_id"),
    *("group_id", "phone_index", "subject_index", "piece_id", "batch_id"),
)

#: Tables with such a column that know nothing of anybody.
OF_NOBODY = {
    "auth_group_permissions": "what a role of staff may do",
    "auth_user_groups": "which roles a member of staff has",
    "log_entry": "the place of a settled piece in the log",
    "piece_queue": "that a piece waits",
    "piece_settlement": "what settling a piece did",
}


@pytest.mark.database
def test_every_table_that_knows_somebody_is_in_the_copy_or_says_why_not(database: Database) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select distinct relname from pg_class join pg_attribute on attrelid = pg_class.oid"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition and not attisdropped and attname = any(%s)",
            [list(LEADS_TO_A_PERSON)],
        ).fetchall()
    knowing = {table for (table,) in rows} - OF_NOBODY.keys()
    in_the_copy = {table for kept in everything_kept() for table in kept.tables}
    left_out = {each.table for each in everything_left_out()}
    assert knowing - in_the_copy - left_out == set()
    assert in_the_copy & left_out == set()


def test_no_table_is_in_two_sections() -> None:
    tables = [table for kept in everything_kept() for table in kept.tables]
    assert len(tables) == len(set(tables))
