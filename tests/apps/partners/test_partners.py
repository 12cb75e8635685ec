"""A partner's code means one partner of one programme, whose ids are read in one way, for ever."""

from __future__ import annotations

from typing import Any

import pytest

from tanzhang.apps.partners.api import IdTime, ensure_partner, partner
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def ensure(**changes: Any) -> int:
    told = {
        "code": "bikes",
        "programme_id": partner("bikes").programme_id,
        "title_zh": "单车",
        "title_en": "bikes",
    }
    return ensure_partner(**(told | changes))


def test_a_partner_that_is_known_keeps_its_number() -> None:
    assert ensure() == partner("bikes").id
    assert ensure(title_zh="共享单车") == partner("bikes").id


@pytest.mark.parametrize("change", [{"id_time": IdTime.ULID}, {"programme_id": 99}])
def test_a_partner_cannot_come_to_mean_another(change: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        ensure(**change)
    assert refused.value.code == "partners.partner_differs"


def test_an_unknown_partner_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        partner("nobody")
    assert refused.value.code == "partners.partner_unknown"
