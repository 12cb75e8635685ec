"""When the rules change, the books come to say what they would had the rules always been so."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from river.checks import faults
from river.reports import hand_in
from river.rules import EDITS, changed_library, put_in_force
from river.streams import Stream, arrive, in_batches, order_holds, stream
from tanzhang.apps.activities.api import digest, drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

Arrival = Callable[[Stream, random.Random, str], None]


def afterwards(told: Stream, chance: random.Random, name: str) -> None:
    """Everything is settled when the rules change."""
    arrive(told.rows)
    order_holds(told)
    put_in_force(name)


def in_the_middle(told: Stream, chance: random.Random, name: str) -> None:
    """The rules change at some point of the stream; the rest arrives in batches."""
    place = chance.randrange(20, len(told.rows) - 10)
    arrive(told.rows[:place])
    put_in_force(name)
    arrive(*in_batches(told.rows[place:], (3, 9, 20), chance))
    order_holds(told)


def while_pieces_wait(told: Stream, chance: random.Random, name: str) -> None:
    """Some was accepted and not settled; more arrives before a worker comes."""
    rows = chance.sample(told.rows, len(told.rows))
    arrive(rows[:50])
    hand_in(*rows[50:80])
    put_in_force(name)
    hand_in(*rows[80:])
    drain()
    order_holds(told)


@pytest.mark.parametrize("arrival", [afterwards, in_the_middle, while_pieces_wait])
@pytest.mark.parametrize("name", EDITS)
def test_the_digest_is_that_of_a_book_that_had_the_rules_from_the_beginning(
    name: str, arrival: Arrival, afresh: Callable[..., None]
) -> None:
    seed = 500 + [*EDITS].index(name)
    arrival(stream(seed), random.Random(seed), name)
    drain()
    assert faults() == {}
    changed = digest()
    afresh(changed_library(name))
    arrive(stream(seed).rows)
    order_holds(stream(seed))
    drain()
    assert changed == digest()
