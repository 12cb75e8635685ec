"""Her copy holds every field of hers, whole, and says what it is kept for."""

from __future__ import annotations

import pytest
from vault_world import NAME, PHONE, somebody

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.privacy import everything_kept
from tanzhang.apps.people.vault import api as vault

pytestmark = pytest.mark.database


def test_a_copy_has_every_field_and_no_digest() -> None:
    ada, bo = somebody(), somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"phone": PHONE, "name": NAME, "id_number_digest": "ab" * 32})
        vault.store(cursor, bo, {"name": "王明"})
        (section,) = (kept for kept in everything_kept() if kept.name == "personal_fields")
        rows = list(section.export(cursor, ada))
    assert [(row["field"], row["value"]) for row in rows] == [
        ("name", NAME),
        ("phone", "+8613800000000"),
        ("id_number_digest", "****"),
    ]
    assert (rows[0]["title_zh"], rows[0]["title_en"]) == ("姓名", "name")
    assert rows[1]["kept_for_en"] == vault.field_named("phone").purpose["en"]


def test_erasing_what_the_vault_keeps_destroys_the_key() -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": NAME})
        (section,) = (kept for kept in everything_kept() if kept.name == "personal_fields")
        assert section.erase is not None
        assert section.erase(cursor, ada) == 1
        assert list(section.export(cursor, ada)) == []
