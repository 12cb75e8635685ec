"""Receipts, certificates, roots and keys as citizens and verifiers meet them on a command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def tanzhang(
    *words: str | Path, lang: str = "en", offline: bool = False
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; offline it knows no database, not even a home."""
    environment = {name: value for name, value in os.environ.items() if name != "LC_ALL"}
    if offline:
        for name in [*environment]:
            if name.startswith(("DATABASE", "TANZHANG")):
                del environment[name]
        environment["TANZHANG_HOME"] = "/nonexistent"
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", *map(str, words)],
        env=environment | {"LANG": lang, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def answer(*words: str | Path) -> dict[str, Any]:
    done = tanzhang(*words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def files(tmp_path: Path, database: Database) -> dict[str, Path]:
    """A receipt, three receipts, a certificate, two roots, their proof, and the keys."""
    found = {
        name: tmp_path / f"{name}.json"
        for name in ("keys", "receipt", "sample", "certificate", "old", "new", "proof")
    }
    hand_in(act("b1", "05-30 08:00"))
    drain()
    answer("key", "public", "--out", found["keys"])
    old = answer("log", "root", "--out", found["old"])
    hand_in(*(act(f"c{number}", f"05-{10 + number} 08:00") for number in range(4)))
    drain()
    new = answer("log", "root", "--out", found["new"])
    answer("receipt", "river-ada", "bikes:b1", "--out", found["receipt"])
    answer("receipt", "--sample", "3", "--out", found["sample"])
    days = ("--from", "2025-05-01", "--to", "2025-05-31")
    answer("certificate", "river-ada", *days, "--out", found["certificate"])
    sizes = (str(old["size"]), str(new["size"]))
    answer("log", "consistency", *sizes, "--out", found["proof"])
    return found


def test_what_is_written_is_verified_offline(files: dict[str, Path]) -> None:
    for kind, name, count in (
        ("receipt", "receipt", 1),
        ("receipt", "sample", 3),
        ("certificate", "certificate", 1),
        ("root", "old", 1),
        ("root", "new", 1),
        ("root", "proof", 1),
    ):
        done = tanzhang("verify", kind, files[name], "--key", files["keys"], offline=True)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("✓") == count
    held = ("--key", files["keys"], "--root", files["new"])
    assert tanzhang("verify", "receipt", files["receipt"], *held, offline=True).returncode == 0
    done = tanzhang("verify", "root", files["old"], *held, offline=True)
    assert done.returncode == 1
    assert "proofs.root_unconnected" in done.stderr
    held = ("--key", files["keys"], "--root", files["proof"])
    assert tanzhang("verify", "root", files["old"], *held, offline=True).returncode == 0

    # Scripts are told everything.
    done = tanzhang(
        "verify", "receipt", files["sample"], "--key", files["keys"], "--json", offline=True
    )
    told = json.loads(done.stdout)
    assert (told["valid"], told["exit_code"]) == (True, 0)
    assert [document["line"] for document in told["documents"]] == [1, 2, 3]
    assert all(document["total_mg"] == 97_400 for document in told["documents"])

    # The worst line decides, and says why in the reader's language.
    lines = files["sample"].read_text().splitlines()
    forged = lines[1].replace('"total_mg":97400', '"total_mg":97401')
    files["sample"].write_text("\n".join([lines[0], forged, lines[2]]))
    for lang, word in (("en", "The signature of the key"), ("zh", "签名与此文档不符")):
        done = tanzhang(
            "verify", "receipt", files["sample"], "--key", files["keys"], lang=lang, offline=True
        )
        assert done.returncode == 1
        assert word in done.stderr
        assert "proofs.signature_wrong" in done.stderr
        assert done.stdout.count("✓") == 2
    files["sample"].write_text("\n".join([lines[0], forged, lines[2][:-1]]))
    done = tanzhang(
        "verify", "receipt", files["sample"], "--key", files["keys"], "--json", offline=True
    )
    assert done.returncode == 2
    told = json.loads(done.stdout)
    verdicts = [document["verdict"] for document in told["documents"]]
    assert verdicts == ["valid", "refused", "unreadable"]
    assert told["documents"][1]["code"] == "proofs.signature_wrong"
    assert told["documents"][1]["zh"]["what"].endswith("。")


@pytest.mark.parametrize("missing", ["document", "key", "root"])
def test_files_that_are_not_there_are_unreadable(tmp_path: Path, missing: str) -> None:
    document, key = tmp_path / "document", tmp_path / "key"
    answer("key", "public", "--out", key)
    document.write_text("{}")
    words = {"document": document, "key": key, "root": document} | {missing: tmp_path / "nothing"}
    done = tanzhang(
        "verify", "receipt", words["document"], "--key", words["key"], "--root", words["root"]
    )
    assert done.returncode == 2
    assert "proofs.file_unreadable" in done.stderr


def test_a_key_file_that_is_none_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("not a key")
    (tmp_path / "document").write_text("{}")
    done = tanzhang("verify", "root", tmp_path / "document", "--key", tmp_path / "key")
    assert done.returncode == 2
    assert "proofs.key_file_malformed" in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["receipt"], "cli.receipt_of_what"),
        (["receipt", "river-ada"], "cli.receipt_of_what"),
        (["receipt", "river-ada", "bikes:b1", "--sample", "1"], "cli.receipt_of_what"),
        (["receipt", "nobody", "bikes:b1"], "cli.account_unknown"),
        (["receipt", "river-ada", "bikes:b1"], "ledger.event_unknown"),
        (["receipt", "--sample", "1"], "ledger.nothing_logged"),
        (["log", "root"], "ledger.nothing_logged"),
        (["log", "consistency", "1", "2"], "ledger.root_unknown"),
        (
            ["certificate", "river-ada", "--from", "2025-05-01", "--to", "2025-05-31"],
            "ledger.period_empty",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, words: list[str], code: str) -> None:
    done = tanzhang(*words, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = tanzhang("key", "public", "--out", tmp_path / "none" / "keys.json")
    assert done.returncode == 1
    assert "[cli.file_unwritable]" in done.stderr


def test_verifying_loads_no_django_and_no_driver() -> None:
    program = (
        "import sys\n"
        "import tanzhang.surfaces.cli.verify\n"
        "print([m for m in sys.modules if m in ('django', 'psycopg', 'polars')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
