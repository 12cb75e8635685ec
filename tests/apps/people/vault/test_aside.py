"""What waits in a session is sealed, for one use alone."""

from __future__ import annotations

import pytest

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def refusal(label: str, kept: str) -> str:
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        vault.take_aside(cursor, label, kept)
    return refused.value.code


def test_a_text_waits_unread_and_comes_back() -> None:
    with bulk_transaction() as cursor:
        kept = vault.put_aside(cursor, "guest", "+8613800000000")
        assert "13800000000" not in kept
        assert vault.take_aside(cursor, "guest", kept) == "+8613800000000"


def test_a_text_put_aside_for_one_use_serves_no_other() -> None:
    with bulk_transaction() as cursor:
        kept = vault.put_aside(cursor, "guest", "+8613800000000")
    assert refusal("code", kept) == "personal.box_broken"


@pytest.mark.parametrize("kept", ["", "1", "1.", "x.AAAA", "1.%%%", "99.AAAA", ".AAAA"])
def test_anything_else_is_refused(kept: str) -> None:
    assert refusal("guest", kept) == "personal.box_broken"
