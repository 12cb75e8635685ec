"""A planted person is found, erased, and found nowhere; not in a backup that is restored either."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

#: Nobody is called so, and no number that begins with 100 was ever given to a phone.
NAME, PHONE = "林晓雨样本", "10012345678"

#: Where staff wrote about her in plain words; what else they and she wrote is sealed.
WRITTEN = {
    "table access_log.reason",
    "table account_state.reason",
    "table identity_case.reason",
    "table identity_case_step.note",
    "table identity_decision.note",
    "table identity_proposal.note",
    "table sanction.note",
}


@dataclass(frozen=True)
class House:
    """An installation of its own in a home directory."""

    home: Path

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        unset = {name: value for name, value in os.environ.items() if "DATABASE_" not in name}
        return subprocess.run(
            [sys.executable, "-m", "tanzhang", *words],
            env=unset | {"TANZHANG_HOME": str(self.home), "LANG": "en"},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self, *words: str) -> dict[str, Any]:
        done = self.run(*words, "--json")
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def places(self, needle: str) -> dict[str, int]:
        found = self.told("privacy", "scan", "--needle", needle)
        places = {one["place"]: one["count"] for one in found["where"]}
        assert sum(places.values()) == found["hits"]
        return places


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, because servers' sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="tzp-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    found = House(folder / "home")
    found.told("demo", "--size", "none")
    yield found
    found.run("stop")


@pytest.fixture
def other(folder: Path) -> Iterator[House]:
    found = House(folder / "other")
    yield found
    found.run("stop")


@pytest.mark.database
def test_a_planted_person_is_erased_everywhere(house: House, other: House, folder: Path) -> None:
    planted = house.told("privacy", "plant", "--name", NAME, "--phone", PHONE)
    account, backup = planted["account"], str(folder / "monday")
    references = [*planted["references"].values()]
    assert (planted["acts"], len(references)) == (12, 5)

    # She is kept, and found where she is: sealed, indexed, and in what partners sent.
    assert set(house.places(NAME)) == {"table personal_field.sealed (opened)", *WRITTEN}
    assert set(house.places(PHONE)) >= WRITTEN
    assert {"table phone_login.phone_index", "table personal_field.blind_index"} <= set(
        house.places(f"+86 {PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}")
    )
    assert {
        "table batch_body.body (opened)",
        "table batch.results (opened)",
        "table partner_link.person_ref",
    } <= set(house.places(references[0]))

    copy = Path(house.told("privacy", "export", account, "--yes")["out"])
    assert copy.is_relative_to(house.home)
    assert any(place.startswith("export file ") for place in house.places(NAME))

    house.told("backup", backup)
    assert not (folder / "monday" / "keys").exists()
    keys = str(folder / "keys.json")
    assert house.run("key", "public", "--out", keys).returncode == 0
    before = house.run("account", "show", account, "--json").stdout

    refused = house.run("privacy", "erase", account, "--json")
    assert json.loads(refused.stdout)["code"] == "privacy.yes_missing"
    declined = house.run("privacy", "erase", account, typed="n\n")
    assert f"{planted['points']} points that lapse unspent" in declined.stdout
    assert house.places(NAME), "she was asked, and said no"
    erased = house.told("privacy", "erase", account, "--yes")
    assert (erased["erased"], erased["left"], erased["backups_missed"]) == (True, [], [])

    gone(house, [NAME, PHONE, *references], keys, planted["receipt"])
    after = json.loads(house.run("account", "show", account, "--json").stdout)
    assert after["reduction_mg"] == json.loads(before)["reduction_mg"]
    again = house.run("privacy", "erase", account, "--yes", "--json")
    assert json.loads(again.stdout)["code"] == "people.account_erased"

    other.home.mkdir(mode=0o711)
    shutil.copytree(house.home / "keys", other.home / "keys")
    restored = other.told("restore", backup)
    assert (restored["erased"], restored["journal"]) == (1, 1)
    gone(other, [NAME, PHONE, *references], keys, planted["receipt"])
    assert json.loads(other.run("restore", backup, "--json").stdout)["code"] == (
        "backup.database_not_empty"
    )

    # Whoever comes back is a new person.
    assert house.told("privacy", "plant", "--name", NAME, "--phone", PHONE)["account"] != account


def gone(house: House, needles: list[str], keys: str, receipt: str) -> None:
    """She is found nowhere, the books are green, and the receipt that she holds is good."""
    assert {needle: house.places(needle) for needle in needles} == {n: {} for n in needles}
    verified = house.told("ledger", "verify")
    assert verified["ok"], verified
    assert house.run("verify", "receipt", receipt, "--key", keys).returncode == 0


@pytest.mark.database
def test_logs_exports_and_journals_are_looked_into(house: House, folder: Path) -> None:
    for name in ("logs/web.log", "exports/ada.json", "some-journal.jsonl", "else.txt"):
        file = house.home / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'{{"said": "{NAME}"}}\n', encoding="utf-8")
    (folder / "copies").mkdir()
    (folder / "copies" / NAME).touch()
    found = house.told("privacy", "scan", "--needle", NAME, "--also", str(folder / "copies"))
    assert sorted(one["place"] for one in found["where"]) == [
        "export file exports/ada.json",
        "file (its name holds it)",
        "file else.txt",
        "journal file some-journal.jsonl",
        "log file logs/web.log",
    ]
    short = house.run("privacy", "scan", "--needle", "a", "--json")
    assert json.loads(short.stdout)["code"] == "privacy.needle_short"
    said = house.run("privacy", "scan", "--needle", "-", typed=f"{NAME}\n").stdout
    assert "Found in 4 places" in said
    assert NAME not in said


@pytest.mark.database
def test_accounts_are_closed_and_restricted_and_terms_are_told(house: House) -> None:
    account = house.told("privacy", "plant", "--name", NAME, "--phone", PHONE)["account"]
    kept = house.told("privacy", "restrict", account, "--reason", "case 12")
    assert kept["state"] == "restricted"
    shown = house.run("account", "show", account, "--json")
    assert json.loads(shown.stdout)["code"] == "people.account_restricted"
    lifted = house.told("privacy", "restrict", account, "--reason", "over", "--lift")
    assert lifted["state"] == "open"
    assert house.told("privacy", "close", account)["due_on"] > "2026"
    kinds = {one["kind"]: one for one in house.told("privacy", "retain", "--dry-run")["kinds"]}
    assert (kinds["partner_calls"]["days"], kinds["transactions"]["rows"]) == (183, None)


@pytest.mark.database
def test_nobody_is_planted_where_people_may_be_real(folder: Path) -> None:
    live = House(folder / "live")
    try:
        assert live.run("migrate").returncode == 0
        said = live.run("privacy", "plant", "--name", NAME, "--phone", PHONE, "--json")
        assert json.loads(said.stdout)["code"] == "people.installation_live"
    finally:
        live.run("stop")
