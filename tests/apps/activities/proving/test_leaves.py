"""Leaves are not stored; they follow again from the rows, in the order of posting."""

from __future__ import annotations

import numpy as np
import pytest

from clean_database import Database
from river.books import ask
from river.reports import act, hand_in
from river.rules import put_in_force
from river.streams import arrive, order_holds, stream
from tanzhang.apps.activities.api import drain
from tanzhang.apps.activities.proving.leaves import leaves_of_piece, pseudonyms
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.log import pseudonym
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_every_piece_of_a_lively_book_gives_its_root_again() -> None:
    told = stream(12)
    arrive(told.rows)
    order_holds(told)
    put_in_force("another factor")
    drain()
    rules = rulebook_in_force()
    pieces = ask("select piece_id, outcome_count, leaf_root from piece_settlement")
    assert len(pieces) > 5
    for piece_id, count, root in pieces:
        with bulk_transaction() as cursor:
            found = leaves_of_piece(cursor, piece_id, rules)
        assert len(found.leaves) == len(found.places) == count
        assert found.root == bytes(root)


@pytest.mark.parametrize(
    "damage",
    [
        "update activity set started_us = started_us + 1",
        "update activity set q1 = null",
        "update activity set points = points + 1",
        "update activity set revision = 3",
        "update subject set key = sha256(key)",
        "delete from activity where outcome_no = 0",
    ],
)
def test_a_row_that_was_altered_is_noticed(database: Database, damage: str) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(damage)
    ((piece_id,),) = ask("select piece_id from piece_settlement")
    with bulk_transaction() as cursor, pytest.raises(Problem) as refused:
        leaves_of_piece(cursor, piece_id, rulebook_in_force())
    assert refused.value.code == "ledger.leaves_differ"


def test_rows_of_a_piece_are_found_by_their_index(database: Database) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    indexes = ask(
        "select tablename from pg_indexes where indexdef like '%%using brin (piece_id)%%'"
        " or indexdef like '%%USING brin (piece_id)%%'"
    )
    tables = {table for (table,) in indexes}
    assert {"activity", "activity_202505"} <= tables


def test_pseudonyms_are_those_of_each_rows_account() -> None:
    one, other = b"1" * 32, b"2" * 32
    found = pseudonyms(np.array([7, 8, 7]), [one, other, one])
    assert found == [pseudonym(one, 7), pseudonym(other, 8), pseudonym(one, 7)]
