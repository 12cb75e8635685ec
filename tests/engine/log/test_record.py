"""One leaf field by field is the leaf of the columns; an entry is 46 bytes in a stated order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tanzhang.engine.log import Entry, Leaf, Posted, leaves, pseudonym

KEY = b"k" * 32


def one_leaf() -> bytes:
    posted = Posted(
        event_key=np.array([[2**64 - 1, 5]], np.uint64),
        outcome_no=np.array([65_535]),
        account=[pseudonym(KEY, 7)],
        pack_digest=[b"d" * 16],
        status=np.array([2]),
        revision=np.array([4_000_000_000]),
        started_us=np.array([-1]),
        gross_mg=np.array([112_010]),
        posted_mg=np.array([-112_010]),
        posted_points=np.array([-11]),
        inputs=np.array([[2_300, 0, -(2**62), 0]]),
        given=np.array([[True, False, True, True]]),
    )
    (leaf,) = leaves(posted, [KEY])
    return leaf


def test_a_leaf_of_the_columns_can_be_read_field_by_field() -> None:
    leaf = Leaf.decode(one_leaf())
    assert leaf.outcome_no == 65_535
    assert leaf.revision == 4_000_000_000
    assert leaf.started_us == -1
    assert (leaf.gross_mg, leaf.posted_mg, leaf.posted_points) == (112_010, -112_010, -11)
    assert leaf.inputs == (2_300, None, -(2**62), 0)
    assert leaf.account == pseudonym(KEY, 7)


def test_a_leaf_that_was_read_is_written_as_it_was() -> None:
    assert Leaf.decode(one_leaf()).encode() == one_leaf()


@pytest.mark.parametrize(
    "changes",
    [
        {"event_key": bytes(15)},
        {"salt": bytes(17)},
        {"status": 256},
        {"outcome_no": -1},
        {"posted_mg": 2**63},
        {"inputs": (1, 2, 3)},
        {"inputs": (-(2**63), None, None, None)},
    ],
)
def test_a_field_that_does_not_fit_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(Leaf.decode(one_leaf()), **changes).encode()  # type: ignore[arg-type]


def test_an_entry_holds_its_fields_in_the_stated_order_and_width() -> None:
    entry = Entry(position=258, leaf_version=1, leaf_count=3, leaf_root=b"r" * 32)
    assert entry.encode() == bytes([1, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 3]) + b"r" * 32


@pytest.mark.parametrize("changes", [{"leaf_root": bytes(31)}, {"position": -1}])
def test_an_entry_that_does_not_fit_is_refused(changes: dict[str, object]) -> None:
    entry = Entry(position=1, leaf_version=1, leaf_count=3, leaf_root=bytes(32))
    with pytest.raises(ValueError, match=r"."):
        replace(entry, **changes).encode()  # type: ignore[arg-type]
