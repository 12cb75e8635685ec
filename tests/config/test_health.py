"""Probes hear the truth, whatever they call the site and whatever is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import masters
from tanzhang.config import health
from tanzhang.crypto import open_store


def probe(path: str, **headers: str) -> tuple[int, dict[str, Any]]:
    """What a probe hears; it calls by a network address, not by the site's name."""
    answer = Client().get(path, headers={"host": "10.1.2.3:8000"} | headers)
    return answer.status_code, json.loads(answer.content)


def test_a_living_process_says_so_and_asks_no_database() -> None:
    assert probe("/healthz") == (200, {"status": "alive"})


@pytest.mark.database
def test_an_empty_catalogue_is_not_ready() -> None:
    assert probe("/readyz") == (
        503,
        {"status": "not ready", "missing": ["catalogue"], "kind": "demonstration"},
    )


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_with_rules_in_force_the_site_is_ready() -> None:
    assert probe("/readyz") == (
        200,
        {"status": "ready", "missing": [], "kind": "demonstration"},
    )


@pytest.mark.database
@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_probe_is_not_sent_to_https() -> None:
    assert probe("/readyz")[0] == 503


@pytest.mark.database
def test_a_migration_that_was_not_applied_is_named(database: Database) -> None:
    assert health.pending_migrations() == []
    with database.connect("owner", autocommit=True) as owner:
        taken = owner.execute(
            "delete from django_migrations where app = 'people' and name = '0001_initial'"
            " returning id, app, name, applied"
        ).fetchone()
        assert taken is not None
        try:
            assert health.pending_migrations() == ["people.0001_initial"]
            assert probe("/readyz")[1]["missing"] == ["migrations"]
        finally:
            owner.execute(
                "insert into django_migrations (id, app, name, applied)"
                " overriding system value values (%s, %s, %s, %s)",
                taken,
            )


@pytest.mark.database
def test_a_database_that_went_away_is_named_and_comes_back(database: Database) -> None:
    assert probe("/readyz")[1]["missing"] == ["catalogue"]
    with database.connect("app", autocommit=True) as other:
        cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        others = " where datname = current_database() and pid <> pg_backend_pid() and usename = %s"
        assert other.execute(cut + others, ["tanzhang_app"]).fetchone() != (0,)
    assert probe("/readyz")[1]["missing"] == ["database"]
    assert probe("/readyz")[1]["missing"] == ["catalogue"]


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_a_key_store_that_opens_no_personal_data_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with bulk_transaction() as cursor:
        masters.newest_master(cursor)
    assert probe("/readyz")[1]["missing"] == []
    masters.unwrapped.cache_clear()
    monkeypatch.setattr(masters, "key_store", lambda: open_store(tmp_path, {}))
    assert probe("/readyz") == (
        503,
        {"status": "not ready", "missing": ["keys"], "kind": "demonstration"},
    )
