"""A key store in a directory: first use, rights, damage, other processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crypto.keystore.conftest import Clock
from tanzhang.crypto import Algorithm, Purpose, open_store, public_json
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.problems import Problem

Reopen = Callable[[dict[str, str]], DirectoryStore]


def files(home: Path) -> list[Path]:
    return sorted((home / "keys").iterdir())


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_first_question_makes_the_first_key(
    tmp_path: Path, purpose: Purpose, algorithm: Algorithm
) -> None:
    store = open_store(tmp_path, {})
    key = store.current(purpose, algorithm)
    assert (key.purpose, key.algorithm) == (purpose, algorithm)
    assert store.current(purpose, algorithm).key_id == key.key_id
    assert open_store(tmp_path, {}).current(purpose, algorithm).key_id == key.key_id


def test_each_purpose_and_algorithm_has_a_key_of_its_own(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    keys = {store.current(p, a).key_id for p in Purpose for a in Algorithm}
    assert len(keys) == len(Purpose) * len(Algorithm)
    assert {key.key_id for key in store.published()} == keys


def test_a_key_does_only_what_it_is_for(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    for purpose in Purpose:
        key = store.current(purpose)
        if purpose.signs:
            assert key.public.verify(b"message", key.sign(b"message"))
            with pytest.raises(Problem, match=r"crypto\.purpose_wrong"):
                key.unwrap(key.public.wrap(bytes(16)))
        else:
            assert key.unwrap(key.public.wrap(bytes(16))) == bytes(16)
            with pytest.raises(Problem, match=r"crypto\.purpose_wrong"):
                key.sign(b"message")


def test_nobody_else_on_the_machine_can_read_the_keys(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        open_store(tmp_path, {}).current(Purpose.SIGN)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in files(tmp_path)} == {0o600}


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701])
def test_a_directory_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    store = open_store(tmp_path, {})
    store.current(Purpose.SIGN)
    (tmp_path / "keys").chmod(mode)
    for opened in (store, open_store(tmp_path, {})):
        for ask in (opened.current, opened.create):
            with pytest.raises(Problem, match=r"crypto\.store_exposed"):
                ask(Purpose.SIGN)


def test_what_is_published_holds_no_private_key(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    key = store.current(Purpose.SIGN)
    record = json.loads((tmp_path / "keys" / f"{key.key_id}.json").read_text())
    assert record["kept"].startswith("-----BEGIN PRIVATE KEY-----")
    secret = record["kept"].split("\n")[1]
    for said in (store.published(), key, public_json(store.published()[0]), store._records()):
        assert secret[20:] not in repr(said)


def test_a_password_closes_the_files(tmp_path: Path) -> None:
    open_with = {"TANZHANG_KEYS_PASSWORD": "word"}
    key_id = open_store(tmp_path, open_with).current(Purpose.SIGN).key_id
    assert "BEGIN ENCRYPTED PRIVATE KEY" in (tmp_path / "keys" / f"{key_id}.json").read_text()
    assert open_store(tmp_path, open_with).current(Purpose.SIGN).key_id == key_id
    for wrong in ({}, {"TANZHANG_KEYS_PASSWORD": "other"}):
        with pytest.raises(Problem, match=r"crypto\.password_wrong"):
            open_store(tmp_path, wrong).current(Purpose.SIGN)


def test_the_password_is_changed_without_changing_a_key(tmp_path: Path, reopen: Reopen) -> None:
    old = reopen({"TANZHANG_KEYS_PASSWORD": "old"})
    keys = {old.create(purpose).key_id for purpose in (Purpose.SIGN, Purpose.ROOT)}
    new = reopen({"TANZHANG_KEYS_PASSWORD": "new"})
    old.keep_by(new._custody)
    for store in (old, new):
        assert {store.key(key_id).key_id for key_id in keys} == keys
    with pytest.raises(Problem, match=r"crypto\.password_wrong"):
        reopen({"TANZHANG_KEYS_PASSWORD": "old"}).current(Purpose.SIGN)


def test_a_change_of_password_that_was_broken_off_is_done_again(
    tmp_path: Path, reopen: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = reopen({"TANZHANG_KEYS_PASSWORD": "old"})
    keys = {old.create(purpose).key_id for purpose in (Purpose.SIGN, Purpose.ROOT)}
    new = reopen({"TANZHANG_KEYS_PASSWORD": "new"})
    write, written = old._write, []

    def breaks(record: object) -> None:
        if len(written) == 1:
            raise OSError("the disk is full")
        written.append(record)
        write(record)  # type: ignore[arg-type]

    monkeypatch.setattr(old, "_write", breaks)
    with pytest.raises(OSError, match="disk is full"):
        old.keep_by(new._custody)
    monkeypatch.undo()
    reopen({"TANZHANG_KEYS_PASSWORD": "old"}).keep_by(new._custody)
    assert {new.key(key_id).key_id for key_id in keys} == keys


def test_a_write_that_fails_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path, {})
    kept = store.current(Purpose.SIGN)

    def fails(descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fails)
    before = files(tmp_path)
    with pytest.raises(OSError, match="disk is full"):
        store.create(Purpose.SIGN)
    assert files(tmp_path) == before
    assert [key.key_id for key in store.published()] == [kept.key_id]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[]",
        lambda text: text.replace('"sign"', '"other"'),
        lambda text: text.replace('"kept"', '"lost"'),
        lambda text: text.replace("Z", ""),
        lambda text: text.replace('"pem": "-----BEGIN PUBLIC KEY-----\\nM', '"pem": "N'),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[str], str]) -> None:
    key_id = open_store(tmp_path, {}).current(Purpose.SIGN).key_id
    file = tmp_path / "keys" / f"{key_id}.json"
    before = file.read_text()
    file.write_text(damage(before))
    assert file.read_text() != before
    with pytest.raises(Problem, match=r"crypto\.store_damaged") as refusal:
        open_store(tmp_path, {}).current(Purpose.SIGN)
    assert refusal.value.details["path"] == str(file)


def test_a_file_under_another_keys_name_is_refused(tmp_path: Path) -> None:
    key_id = open_store(tmp_path, {}).current(Purpose.SIGN).key_id
    file = tmp_path / "keys" / f"{key_id}.json"
    file.rename(file.with_name("0123456789ABCDEF.json"))
    with pytest.raises(Problem, match=r"crypto\.store_damaged"):
        open_store(tmp_path, {}).current(Purpose.SIGN)


def test_a_private_key_under_another_public_one_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    one, other = (
        tmp_path / "keys" / f"{store.current(purpose).key_id}.json"
        for purpose in (Purpose.SIGN, Purpose.ROOT)
    )
    record = json.loads(one.read_text()) | {"kept": json.loads(other.read_text())["kept"]}
    one.write_text(json.dumps(record))
    with pytest.raises(Problem, match=r"crypto\.custody_differs"):
        open_store(tmp_path, {}).current(Purpose.SIGN)


def test_a_key_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    for act in (
        lambda: store.key("0123456789ABCDEF"),
        lambda: store.key("../secret-key"),
        lambda: store.retire("0123456789ABCDEF", datetime.now(UTC)),
    ):
        with pytest.raises(Problem, match=r"crypto\.key_unknown"):
            act()


def test_a_store_of_retired_keys_makes_no_new_one_by_itself(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    key = store.current(Purpose.ROOT)
    store.retire(key.key_id, datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Problem, match=r"crypto\.key_missing"):
        store.current(Purpose.ROOT)


def test_instants_are_kept_in_whole_seconds_utc(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    shanghai = timezone(timedelta(hours=8))
    local = datetime(2026, 3, 1, 8, 0, 0, 999_999, tzinfo=shanghai)
    key = store.create(Purpose.SIGN, active_from=local)
    store.retire(key.key_id, local + timedelta(days=1))
    again = open_store(tmp_path, {}).published()[0]
    assert again.active_from == datetime(2026, 3, 1, tzinfo=UTC)
    assert again.active_until == datetime(2026, 3, 2, tzinfo=UTC)
    assert again.is_active(again.active_from)
    assert not again.is_active(again.active_until)


def test_of_two_keys_in_use_the_younger_signs(tmp_path: Path, reopen: Reopen, clock: Clock) -> None:
    store = reopen({})
    store.create(Purpose.SIGN)
    clock.forward(seconds=1)
    younger = store.create(Purpose.SIGN)
    store.create(Purpose.SIGN, active_from=clock.now + timedelta(days=1))
    assert store.current(Purpose.SIGN).key_id == younger.key_id


def test_a_running_process_sees_what_another_did(
    tmp_path: Path, reopen: Reopen, clock: Clock
) -> None:
    here, there = reopen({}), reopen({})
    first = here.create(Purpose.SIGN)
    for _ in range(20):
        assert there.current(Purpose.SIGN).key_id == here.current(Purpose.SIGN).key_id
        clock.forward(seconds=1)
        here.create(Purpose.SIGN)
    there.retire(first.key_id, clock.now)
    assert not here.key(first.key_id).published.is_active(clock.now)


def test_a_change_within_one_tick_of_the_disks_clock_is_seen(reopen: Reopen, clock: Clock) -> None:
    here, there = reopen({}), reopen({})
    here.create(Purpose.SIGN)
    tick_ns = here._folder.stat().st_mtime_ns
    there.current(Purpose.SIGN)
    clock.forward(seconds=1)
    second = here.create(Purpose.SIGN)
    os.utime(here._folder, ns=(tick_ns, tick_ns))  # as a coarse clock would have left it
    assert there.current(Purpose.SIGN).key_id == second.key_id


def test_processes_that_find_an_empty_directory_make_one_key(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tanzhang.crypto import Purpose, open_store\n"
        "store = open_store(Path(sys.argv[1]), {})\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(store.current(Purpose.SIGN).key_id)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said = {process.communicate("go\n", timeout=60)[0] for process in processes}
    assert len(said) == 1
    assert [file.name for file in files(tmp_path)] == [".lock", f"{said.pop().strip()}.json"]


def test_threads_that_find_an_empty_directory_make_one_key(tmp_path: Path) -> None:
    store = open_store(tmp_path, {})
    together, found = threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        found.append(store.current(Purpose.UNWRAP).key_id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert {key.purpose for key in store.published()} == {Purpose.UNWRAP, Purpose.SIGN}
