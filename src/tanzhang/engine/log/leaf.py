"""Leaf format 1: what the log keeps of one posted outcome, in 136 bytes.

| bytes | what |
|---|---|
| 1 | version of this format |
| 16 | event key |
| 2 | number of the outcome, from 0 |
| 16 | pseudonym of the account |
| 16 | first half of the pack version's digest; zeros where no version was in force |
| 1 | status |
| 4 | revision |
| 8 each | start (µs since 1970), gross mg, posted mg, posted points |
| 8 each | the four inputs; the smallest int64 stands for one that was not reported |
| 16 | salt |

All numbers are big-endian; amounts, times and inputs are signed. Pseudonym and salt come from the
person's key, so that nobody else can guess a leaf, and a leaf says nothing once the key is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanzhang.engine.log.tree import sm3, sm3_of_each
from tanzhang.engine.rules import INPUT_SLOTS, Flags, Ints

LEAF_VERSION = 1

NOT_REPORTED = -(2**63)

_LEAF = np.dtype(
    [
        ("version", "u1"),
        ("event_key", "V16"),
        ("outcome_no", ">u2"),
        ("account", "V16"),
        ("pack_digest", "V16"),
        ("status", "u1"),
        ("revision", ">u4"),
        ("started_us", ">i8"),
        ("gross_mg", ">i8"),
        ("posted_mg", ">i8"),
        ("posted_points", ">i8"),
        ("inputs", ">i8", (INPUT_SLOTS,)),
        ("salt", "V16"),
    ]
)


_OUTCOME = np.dtype([("event_key", "V16"), ("outcome_no", ">u2")])

_DIGEST = np.dtype([("first_half", "V16"), ("second_half", "V16")])


@dataclass(frozen=True, slots=True)
class Posted:
    """Posted outcomes as columns; ``account`` and ``pack_digest`` are one 16-byte string a row."""

    event_key: NDArray[np.uint64]  # (n, 2) unsigned halves
    outcome_no: Ints
    account: list[bytes]
    pack_digest: list[bytes]
    status: Ints
    revision: Ints
    started_us: Ints
    gross_mg: Ints
    posted_mg: Ints
    posted_points: Ints
    inputs: Ints
    given: Flags


def pseudonym(person_key: bytes, account_id: int) -> bytes:
    """The name of an account in the log: 16 bytes that only the holder of the key can make."""
    return sm3(person_key + b"account" + account_id.to_bytes(8, "big"))[:16]


def leaves(posted: Posted, person_keys: list[bytes]) -> list[bytes]:
    """One leaf a row; ``person_keys`` holds the key of each row's person."""
    count = len(posted.outcome_no)
    table = np.zeros(count, _LEAF)
    table["version"] = LEAF_VERSION
    keys = np.ascontiguousarray(posted.event_key.astype(">u8")).view("V16").reshape(-1)
    table["event_key"] = keys
    table["account"] = np.frombuffer(b"".join(posted.account), "V16")
    table["pack_digest"] = np.frombuffer(b"".join(posted.pack_digest), "V16")
    for name in ("outcome_no", "status", "revision", "started_us", "gross_mg"):
        table[name] = getattr(posted, name)
    table["posted_mg"], table["posted_points"] = posted.posted_mg, posted.posted_points
    table["inputs"] = np.where(posted.given, posted.inputs, NOT_REPORTED)
    outcomes = np.empty(count, _OUTCOME)
    outcomes["event_key"], outcomes["outcome_no"] = keys, posted.outcome_no
    named = outcomes.tobytes()
    width = _OUTCOME.itemsize
    salts = sm3_of_each(
        person_key + named[place : place + width]
        for person_key, place in zip(person_keys, range(0, count * width, width), strict=True)
    )
    table["salt"] = np.frombuffer(b"".join(salts), _DIGEST)["first_half"]
    flat = table.tobytes()
    width = _LEAF.itemsize
    return [flat[place : place + width] for place in range(0, count * width, width)]
