"""Two citizens at the river, with acts, and a browser for each."""

from __future__ import annotations

import pytest


@pytest.fixture
def acts(river: None) -> None:
    """Ada: two rides at once (the second loses) and a walk; bo: one ride; all settled."""
    from river.reports import act, hand_in
    from tanzhang.apps.activities.api import drain

    hand_in(
        act("r1", "05-03 08:00"),
        act("r2", "05-03 08:05", partner="bank", grade=1),
        act("w1", "05-03 18:00", "walk"),
        act("r3", "05-03 08:00", person="bo"),
    )
    drain()
