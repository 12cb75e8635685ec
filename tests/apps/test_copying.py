"""Columns go into the database as they are, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from tanzhang.apps.copying import Column, encoded_rows


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
