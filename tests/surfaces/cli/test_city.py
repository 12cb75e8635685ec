"""``tanzhang city`` as a person or a script calls it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tanzhang.apps.activities.api import drain
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.engine.packs import load_packs
from tanzhang.workbench.city.live import act_now

pytestmark = pytest.mark.database

CITY = (sys.executable, "-m", "tanzhang", "city")
LIVE = (*CITY, "live", "--citizens", "20", "--rate", "40")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    load_catalogue(load_packs(), ["citic"])


def called(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_city_lives_for_a_while_and_its_journal_equals_the_books() -> None:
    lived = called(*LIVE, "--for", "1", "--json")
    assert lived.returncode == 0, lived.stderr
    accepted = json.loads(lived.stdout)["verdicts"]["accepted"]
    waiting = called(*CITY, "compare", "--json")
    told = json.loads(waiting.stdout)
    assert (waiting.returncode, told["ok"], told["waiting"]) == (1, False, told["acts"])
    drain()
    done = called(*CITY, "compare", "--lang", "en")
    assert done.returncode == 0
    assert "The journal equals the books" in done.stdout
    assert (
        0
        < told["acts"]
        <= accepted
        == told["rows"] - json.loads(lived.stdout)["verdicts"].get("duplicate", 0)
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_city_ends_in_order_when_it_is_asked_to(tmp_path: Path, number: signal.Signals) -> None:
    city = subprocess.Popen((*LIVE, "--lang", "zh"), stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    journal = tmp_path / "city-journal.jsonl"
    while not journal.exists() or not journal.stat().st_size:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    another = called(*LIVE)
    assert (another.returncode, "simulate.city_lives" in another.stderr) == (1, True)
    city.send_signal(number)
    said, _ = city.communicate(timeout=30)
    assert city.returncode == 0
    assert "城市已停止" in said


def test_differences_are_listed_by_their_keys(tmp_path: Path) -> None:
    called(*LIVE, "--for", "0.5")
    drain()
    journal = tmp_path / "city-journal.jsonl"
    known = journal.read_bytes()
    person = json.loads(known.splitlines()[0])["rows"][0]["person"]
    ride = act_now(f"citic-{person}", "metro")
    drain()
    journal.write_bytes(known)
    told = called(*CITY, "compare", "--lang", "zh")
    assert told.returncode == 1
    assert "日志簿与账簿不一致" in told.stdout
    assert str(ride.event_key) in told.stdout
