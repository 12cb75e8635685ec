"""Columns go into the database as they are, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from psycopg import sql

from tanzhang.apps.copying import Column, copy_out, copy_out_at_once, encoded_rows
from tanzhang.apps.database import bulk_transaction


def test_a_value_too_wide_for_its_column_is_refused_and_not_cut() -> None:
    fits = Column("int4", np.array([2**31 - 1, -(2**31)]))
    assert len(b"".join(encoded_rows([fits]))) == 2 * (2 + 4 + 4)
    for wide in (2**31, -(2**31) - 1):
        with pytest.raises(OverflowError, match="int4"):
            encoded_rows([Column("int4", np.array([wide]))])


def test_rows_that_lack_the_same_fields_stand_together() -> None:
    number = Column("int8", np.array([1, 2, 3]))
    sparse = Column("int8", np.array([7, 0, 9]), np.array([True, False, True]))
    full, lacking = encoded_rows([number, sparse])
    assert len(full) == 2 * (2 + 12 + 12)
    assert len(lacking) == 2 + 12 + 4


@pytest.mark.database
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_rows_come_at_once_as_they_come_one_by_one(count: int) -> None:
    types = {"a": "int8", "b": "int4", "c": "int2", "d": "bool", "e": "uuid"}
    query = sql.SQL(
        "select n * -9000000000, n, (n % 7 - 3)::int2, n % 2 = 0, md5(n::text)::uuid"
        " from generate_series(1, {}) as n"
    ).format(sql.Literal(count))
    with bulk_transaction() as cursor:
        one_by_one = copy_out(cursor, query, types)
        at_once = copy_out_at_once(cursor, query, types)
    assert [*at_once] == [*types]
    for name, column in at_once.items():
        assert column.dtype == one_by_one[name].dtype
        assert len(column) == count
        assert np.array_equal(column, one_by_one[name])
