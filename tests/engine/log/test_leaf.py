"""Leaf format 1, byte by byte."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tanzhang.engine.log import Posted, leaves, pseudonym, sm3

KEY = b"k" * 32
EVENT = bytes(range(16))


def posted(**changes: object) -> Posted:
    """One posted outcome of a bike ride of 2,300 m."""
    one = Posted(
        event_key=np.frombuffer(EVENT, ">u8").reshape(1, 2).astype(np.uint64),
        outcome_no=np.array([3]),
        account=[pseudonym(KEY, 7)],
        pack_digest=[b"d" * 16],
        status=np.array([2]),
        revision=np.array([1]),
        started_us=np.array([1_700_000_000_000_000]),
        gross_mg=np.array([112_010]),
        posted_mg=np.array([-112_010]),
        posted_points=np.array([-11]),
        inputs=np.array([[2_300, 0, 0, 0]]),
        given=np.array([[True, False, False, False]]),
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def test_a_leaf_holds_its_fields_in_the_stated_order_and_width() -> None:
    (leaf,) = leaves(posted(), [KEY])
    salt = sm3(KEY + EVENT + (3).to_bytes(2, "big"))[:16]

    def signed(value: int) -> bytes:
        return value.to_bytes(8, "big", signed=True)

    assert leaf == b"".join(
        [
            bytes([1]),
            EVENT,
            (3).to_bytes(2, "big"),
            sm3(KEY + b"account" + (7).to_bytes(8, "big"))[:16],
            b"d" * 16,
            bytes([2]),
            (1).to_bytes(4, "big"),
            signed(1_700_000_000_000_000),
            signed(112_010),
            signed(-112_010),
            signed(-11),
            signed(2_300),
            b"\x80" + bytes(7),  # the least integer of 64 bits: not reported
            b"\x80" + bytes(7),
            b"\x80" + bytes(7),
            salt,
        ]
    )
    assert len(leaf) == 136


def test_many_outcomes_give_one_leaf_each_in_their_order() -> None:
    keys = np.arange(6, dtype=np.uint64).reshape(3, 2)
    one = posted()
    many = Posted(
        event_key=keys,
        outcome_no=np.arange(3),
        account=one.account * 3,
        pack_digest=one.pack_digest * 3,
        inputs=np.repeat(one.inputs, 3, axis=0),
        given=np.repeat(one.given, 3, axis=0),
        **{
            name: np.repeat(getattr(one, name), 3)
            for name in (
                "status", "revision", "started_us", "gross_mg", "posted_mg", "posted_points"
            )
        },
    )  # fmt: skip
    alone = [
        leaves(posted(event_key=keys[i : i + 1], outcome_no=np.array([i])), [KEY])[0]
        for i in range(3)
    ]
    assert leaves(many, [KEY] * 3) == alone


def test_an_input_of_zero_is_not_one_that_was_not_reported() -> None:
    reported = posted(inputs=np.array([[0, 0, 0, 0]]), given=np.array([[True] + [False] * 3]))
    missing = posted(inputs=np.array([[0, 0, 0, 0]]), given=np.array([[False] * 4]))
    assert leaves(reported, [KEY]) != leaves(missing, [KEY])


def test_salt_and_pseudonym_depend_on_the_persons_key() -> None:
    assert leaves(posted(), [KEY])[0][-16:] != leaves(posted(), [b"x" * 32])[0][-16:]
    assert pseudonym(KEY, 7) != pseudonym(b"x" * 32, 7)
    assert pseudonym(KEY, 7) != pseudonym(KEY, 8)


@pytest.mark.parametrize("number", [0, 1, 2**16 - 1])
def test_every_outcome_of_an_event_has_a_salt_of_its_own(number: int) -> None:
    (one,) = leaves(posted(outcome_no=np.array([number])), [KEY])
    (other,) = leaves(posted(outcome_no=np.array([(number + 1) % 2**16])), [KEY])
    assert one[-16:] != other[-16:]
