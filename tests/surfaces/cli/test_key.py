"""``tanzhang key public``: what verifiers keep."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clean_database import Database
from tanzhang.apps.people.api import installation
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose
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
