"""Parts are started again when they die, ever more slowly, and end from the last to the first."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tanzhang.config.processes import supervisor
from tanzhang.config.processes.supervisor import Part, Supervisor

Deaths = list[tuple[str, int, float]]

#: Stands in for ``python -m tanzhang``: a part that writes down its life.
PROGRAM = """#!{python}
import os, signal, sys, time
diary = open({diary!r}, "a")
def write(line):
    diary.write(line + "\\n"); diary.flush()
name = os.environ["TANZHANG_PROCESS"]
def end(*_):
    write("end " + name); sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in sys.argv else end)
write("begin " + name + " " + str(os.getpid()))
if "die" in sys.argv: sys.exit(3)
print("said by " + name, os.environ["COLOUR"], flush=True)
while True: time.sleep(0.02)
"""


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "diary"
    file.touch()
    program = tmp_path / "program"
    program.write_text(PROGRAM.format(python=sys.executable, diary=str(file)))
    program.chmod(0o755)
    monkeypatch.setattr(supervisor.sys, "executable", str(program))
    return file


@pytest.fixture
def deaths() -> Deaths:
    return []


@contextmanager
def supervising(tmp_path: Path, deaths: Deaths) -> Iterator[Supervisor]:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    logs, told = tmp_path / "logs", lambda *death: deaths.append(death)
    with Supervisor(logs, {"COLOUR": "green"}, lock, told) as found:
        yield found
    os.close(lock)


@pytest.fixture
def parts(tmp_path: Path, diary: Path, deaths: Deaths) -> Iterator[Supervisor]:
    with supervising(tmp_path, deaths) as found:
        yield found


def lines(diary: Path, count: int) -> list[str]:
    """The diary as soon as it has so many lines."""
    deadline = time.monotonic() + 60
    while len(found := diary.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def until_dead(parts: Supervisor, deaths: Deaths, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(deaths) < count:
        assert time.monotonic() < deadline
        parts.look_after()
        time.sleep(0.02)


def test_parts_end_from_the_last_to_the_first(tmp_path: Path, diary: Path) -> None:
    with supervising(tmp_path, []) as parts:
        parts.start([Part("worker", ()), Part("web", ()), Part("city", ())])
        lines(diary, 3)
    assert lines(diary, 6)[3:] == ["end city", "end web", "end worker"]


def test_what_a_part_says_is_in_a_log_of_its_name(
    parts: Supervisor, diary: Path, tmp_path: Path
) -> None:
    parts.start([Part("web", ())])
    log = tmp_path / "logs" / "web.log"
    deadline = time.monotonic() + 60
    while log.read_text() == "" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert log.read_text() == "said by web green\n"


def test_a_log_that_has_grown_too_large_is_put_aside(
    parts: Supervisor, diary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES_KEPT", 10)
    (tmp_path / "logs" / "web.log").write_text("eleven signs")
    parts.start([Part("web", ())])
    assert (tmp_path / "logs" / "web.log.old").read_text() == "eleven signs"


def test_a_part_that_is_killed_is_started_again(
    parts: Supervisor, diary: Path, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_BACK_OFF_SECONDS", 0.1)
    parts.start([Part("web", ())])
    os.kill(int(lines(diary, 1)[0].split()[2]), signal.SIGKILL)
    until_dead(parts, deaths, 1)
    assert deaths == [("web", -signal.SIGKILL, 0.1)]
    deadline = time.monotonic() + 60
    while len(diary.read_text().splitlines()) < 2:
        assert time.monotonic() < deadline
        parts.look_after()
        time.sleep(0.02)


def test_a_part_that_dies_again_and_again_is_started_ever_more_slowly(
    parts: Supervisor, diary: Path, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_BACK_OFF_SECONDS", 0.05)
    monkeypatch.setattr(supervisor, "LONGEST_BACK_OFF_SECONDS", 0.15)
    parts.start([Part("web", ("die",))])
    until_dead(parts, deaths, 4)
    assert deaths == [("web", 3, 0.05), ("web", 3, 0.1), ("web", 3, 0.15), ("web", 3, 0.15)]


def test_a_part_that_lived_long_is_started_as_at_first(
    parts: Supervisor, diary: Path, deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_BACK_OFF_SECONDS", 0.05)
    monkeypatch.setattr(supervisor, "LONG_LIFE_SECONDS", 0.0)
    parts.start([Part("web", ("die",))])
    until_dead(parts, deaths, 3)
    assert [wait for _, _, wait in deaths] == [0.05, 0.05, 0.05]


def test_a_part_that_does_not_end_is_killed(
    tmp_path: Path, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    with supervising(tmp_path, []) as parts:
        parts.start([Part("web", ("deaf",))])
        number = int(lines(diary, 1)[0].split()[2])
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
