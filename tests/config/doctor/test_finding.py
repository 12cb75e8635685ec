"""The doctor says what is missing and what to do, in two languages, and touches nothing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections import namedtuple
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.config import doctor, roles
from tanzhang.config.doctor import Finding, machine, site, stored
from tanzhang.config.doctor.finding import words

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home without anything, and no other database."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings}


def codes(check: Any) -> list[str]:
    return [finding.code for finding in check()]


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_a_whole_installation_lacks_only_a_worker() -> None:
    found = by_code(doctor.examine())
    assert {"database.ok", "roles.ok", "migrations.ok", "catalogue.ok", "clock.ok"} <= found.keys()
    assert [code for code, finding in found.items() if finding.weight == "fail"] == []
    assert "workers.none" in found


@pytest.mark.database
@pytest.mark.parametrize(
    ("kind", "sandbox", "code"),
    [
        ("live", "", "installation.live"),
        ("sandbox", "1", "installation.sandbox"),
        ("demonstration", "", "installation.demonstration"),
        ("demonstration", "1", "installation.mistaken"),
        ("live", "1", "installation.mistaken"),
    ],
)
def test_the_kind_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str, sandbox: str, code: str
) -> None:
    monkeypatch.setenv("TANZHANG_SANDBOX", sandbox)
    database.turn(kind)
    found = [finding for finding in doctor.examine() if finding.code.startswith("installation.")]
    assert [finding.code for finding in found] == [code]
    assert found[0].details["kind"] == kind


@pytest.mark.database
@pytest.mark.parametrize(
    ("kind", "named", "code"),
    [
        ("demonstration", "", "codes.shown"),
        ("live", "", "codes.none"),
        ("live", "demo", "codes.none"),
        ("live", "collections:Counter", "codes.ok"),
        ("live", "nowhere:At", "codes.broken"),
        ("live", "collections:At", "codes.broken"),
    ],
)
def test_who_brings_codes_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str, named: str, code: str
) -> None:
    monkeypatch.setenv("TANZHANG_CODES", named)
    database.turn(kind)
    assert code in by_code(doctor.examine())


@pytest.mark.database
def test_an_empty_catalogue_fails() -> None:
    assert by_code(doctor.examine())["catalogue.empty"].weight == "fail"


@pytest.mark.database
def test_pending_migrations_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from tanzhang.config import health

    monkeypatch.setattr(
        health, "_shipped_migrations", lambda: frozenset({("people", "0001_initial"), ("a", "b")})
    )
    found = by_code(doctor.examine())
    assert found["migrations.pending"].details == {"count": 1}
    assert "catalogue.empty" not in found


@pytest.mark.database
def test_a_missing_role_is_named_before_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "is_prepared", lambda connection: False)
    assert codes(stored.database) == ["database.ok", "roles.missing"]


def test_nothing_is_started_and_nothing_made_to_look_at_it(asleep: Path) -> None:
    found = by_code(doctor.examine())
    assert found["database.asleep"].weight == "warn"
    assert "keys.unmade" in found
    assert not asleep.exists()


def test_a_database_out_of_reach_and_a_wrong_variable_are_told_in_their_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TANZHANG_WEB_THREADS", "many")
    found = by_code(doctor.examine())
    for code in ("database.unreachable", "configuration.number_invalid"):
        assert found[code].weight == "fail"
        assert found[code].remedy("en").endswith(".")
        assert found[code].remedy("zh").endswith("。")


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_what_waits_needs_a_worker_and_a_worker_that_is_there_is_counted(
    database: Database,
) -> None:
    hand_in(act("a1", "05-01 08:00"), enrol=True)
    needed = by_code(doctor.examine())["workers.needed"]
    assert needed.weight == "fail"
    assert needed.details["pieces"] == 1
    with database.connect("app", autocommit=True) as worker:
        worker.execute("select set_config('application_name', %s, false)", [stored.WORKER_NAME])
        behind = by_code(doctor.examine())["workers.behind"]  # it was received long ago
        assert behind.weight == "warn"
        assert behind.details["workers"] == 1
        drain()
        assert by_code(doctor.examine())["workers.ok"].details["pieces"] == 0


@pytest.mark.database
@pytest.mark.parametrize(
    ("fast_seconds", "code"), [(0, "clock.ok"), (5, "clock.skewed"), (-90, "clock.wrong")]
)
def test_a_clock_that_differs_from_the_databases_is_noted(
    monkeypatch: pytest.MonkeyPatch, fast_seconds: float, code: str
) -> None:
    real = machine.time.time
    monkeypatch.setattr(machine.time, "time", lambda: real() + fast_seconds)
    assert codes(machine.clock) == [code]


def test_a_machine_without_time_zones_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ZONES", ("Nowhere/At_All",))
    assert codes(machine.clock)[0] == "clock.zones_missing"


@pytest.mark.parametrize(
    ("free_mib", "code"), [(100_000, "disk.ok"), (2_000, "disk.short"), (100, "disk.full")]
)
def test_a_disk_that_fills_is_noted(
    monkeypatch: pytest.MonkeyPatch, free_mib: int, code: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free_mib * machine.MIB))
    assert codes(machine.disk) == [code]


def test_a_key_that_others_may_read_fails(asleep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asleep.mkdir()
    key = asleep / "secret-key"
    key.write_text("key")
    key.chmod(0o600)
    assert codes(site.keys) == ["keys.ok"]
    key.chmod(0o640)
    assert codes(site.keys) == ["keys.open"]
    monkeypatch.setattr(Path, "read_text", _denied)
    assert codes(site.keys) == ["keys.unreadable"]
    monkeypatch.setenv("TANZHANG_SECRET_KEY", "given")
    assert codes(site.keys) == ["keys.given"]


def _denied(*_: object, **__: object) -> str:
    raise PermissionError(13, "Permission denied")


def test_a_public_site_without_https_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANZHANG_HOSTS")
    assert codes(site.settings) == ["settings.ok"]
    monkeypatch.setenv("TANZHANG_HOSTS", "carbon.example")
    assert codes(site.settings) == ["settings.insecure"]
    monkeypatch.setenv("TANZHANG_ORIGINS", "https://carbon.example")
    assert codes(site.settings) == ["settings.ok"]


def test_static_files_are_plain_or_collected_or_not_yet(
    asleep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(site.static) == ["static.plain"]
    monkeypatch.setenv("TANZHANG_STATIC", "hashed")
    assert codes(site.static) == ["static.uncollected"]
    (asleep / "static").mkdir(parents=True)
    assert codes(site.static) == ["static.ok"]


@pytest.mark.parametrize(
    ("listed", "code"), [("Noto Sans CJK SC,思源黑体\n", "fonts.ok"), ("", "fonts.missing")]
)
def test_chinese_fonts_are_there_or_not(
    monkeypatch: pytest.MonkeyPatch, listed: str, code: str
) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=listed)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert codes(machine.fonts) == [code]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert codes(machine.fonts) == ["fonts.unknown"]


def test_a_browser_is_there_or_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TANZHANG_BROWSER", str(tmp_path / "chromium"))
    assert codes(machine.browser) == ["browser.none"]
    (tmp_path / "chromium").touch()
    assert codes(machine.browser) == ["browser.ok"]


def test_every_code_of_the_checks_has_its_words_and_every_word_its_check() -> None:
    folder = Path(doctor.__file__).parent
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.glob("*.py")]
    texts = {
        str(node.value)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {
        text for text in texts if re.fullmatch(r"[a-z]+\.(?!yaml)[a-z_]+", text)
    } == words().keys()


def test_every_finding_is_whole_in_both_languages() -> None:
    for code, said in words().items():
        assert said["weight"] in ("ok", "warn", "fail"), code
        for lang, end in (("en", "."), ("zh", "。")):
            parts = {"what"} if said["weight"] == "ok" else {"what", "now"}
            assert said[lang].keys() == parts, code
            assert all(text.rstrip("”").endswith(end) for text in said[lang].values()), code
        for part in said["en"]:
            names = [
                {name for _, name, _, _ in Formatter().parse(said[lang][part]) if name}
                for lang in ("en", "zh")
            ]
            assert names[0] == names[1], code
