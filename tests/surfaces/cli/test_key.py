"""``tanzhang key public``: what verifiers keep."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clean_database import Database
from tanzhang.apps.people.api import installation
from tanzhang.apps.people.installation import InstallationEntry
from tanzhang.apps.people.models import Kind
from tanzhang.config import own_keys
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs import read_key_file
from tanzhang.surfaces.cli.key import app

pytestmark = [pytest.mark.database]


def written(folder: Path) -> bytes:
    done = CliRunner().invoke(app, ["public", "--out", str(folder / "keys.json")])
    assert done.exit_code == 0, done.output
    return (folder / "keys.json").read_bytes()


def test_the_key_file_holds_what_signs_and_no_secret(tmp_path: Path, database: Database) -> None:
    key_store().current(Purpose.UNWRAP)
    text = written(tmp_path)
    trust = read_key_file(text)
    assert trust.installation == installation().id_text
    purposes = {key.purpose for key in trust.keys.values()}
    assert purposes == {Purpose.SIGN, Purpose.ROOT}
    assert b"PRIVATE" not in text
    assert {"format", "installation", "keys"} == set(json.loads(text))


def test_a_key_that_is_announced_is_in_the_file_with_its_endorsement(
    tmp_path: Path, database: Database
) -> None:
    before = read_key_file(written(tmp_path))
    old = key_store().current(Purpose.ROOT)
    later = datetime.now(UTC) + timedelta(days=3650)
    new = key_store().create(Purpose.ROOT, active_from=later)
    after = read_key_file(written(tmp_path))
    assert set(after.keys) - set(before.keys) == {new.key_id}
    assert after.keys[new.key_id].is_endorsed_by(after.keys[old.key_id])


def test_a_live_installation_that_lost_its_keys_says_so_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = InstallationEntry("00112233445566ff", Kind.LIVE)
    monkeypatch.setattr(own_keys, "installation", lambda: live)
    monkeypatch.setattr(own_keys, "home", lambda: tmp_path)
    monkeypatch.setenv("TANZHANG_KEYS", f"file:{tmp_path}/keys")
    first = key_store().current(Purpose.SIGN).key_id
    shutil.rmtree(tmp_path / "keys")
    for _ in ("while it runs", "and after it starts again"):
        with pytest.raises(Problem, match=r"crypto\.key_missing"):
            key_store().current(Purpose.SIGN)
        own_keys._opened.cache_clear()
    done = CliRunner().invoke(app, ["create", "sign", "--json"])
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)["key_id"]
    assert key_store().current(Purpose.SIGN).key_id == made != first


def test_a_key_is_rotated_and_retired_by_command(database: Database) -> None:
    old = key_store().create(Purpose.SIGN)
    done = CliRunner().invoke(app, ["rotate", "sign", "--json"])
    new = json.loads(done.stdout)
    assert new["endorsed_by"]
    assert CliRunner().invoke(app, ["retire", old.key_id]).exit_code == 0
    assert key_store().key(old.key_id).active_until is not None
    key_store().retire(new["key_id"], datetime.now(UTC))
    assert CliRunner().invoke(app, ["create", "colour"]).exit_code == 2


def test_personal_keys_are_turned_and_indexes_made_anew_at_once(database: Database) -> None:
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.people.api import vault

    with bulk_transaction() as cursor:
        cursor.execute("insert into subject (key) values (sha256('')) returning id")
        subject_id = cursor.fetchall()[0][0]
        vault.store(cursor, subject_id, {"phone": "13800000000"})

    def answer(*words: str) -> str:
        done = CliRunner().invoke(app, [*words])
        assert done.exit_code == 0, done.output
        return done.output

    assert json.loads(answer("rewrap", "--json")) == {"moved": 0, "broken": 0}
    assert "2 keys are under the newest master key" in answer("rewrap", "--anew", "--lang", "en")
    assert json.loads(answer("reindex", "--anew", "--json")) == {"moved": 0, "broken": 0, "gone": 0}
    with database.connect("owner") as owner:
        owner.execute("update index_key set made_at = made_at - interval '1 hour'")
    assert json.loads(answer("reindex", "--json")) == {"moved": 1, "broken": 0, "gone": 1}
    with bulk_transaction() as cursor:
        assert vault.find(cursor, "phone", "13800000000") == [subject_id]
