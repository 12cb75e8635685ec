"""Random people can notice: each broken consent, link or total fails what must hold of them."""

from __future__ import annotations

import pytest

from broken.people_breaks import BREAKS, PeopleBreak
from river.lives import live_on

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.says)
def test_a_break_is_noticed(broken: PeopleBreak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken.where, broken.name, broken.broken)
    with pytest.raises(AssertionError):
        live_on(examples=30, steps=8)
