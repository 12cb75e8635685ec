"""Random people, households, partners and programmes: whatever happens, in whatever order."""

from __future__ import annotations

import pytest

from river.lives import live_on

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_whatever_happens_to_people_no_act_counts_twice_or_without_consent() -> None:
    live_on(examples=6, steps=8)
