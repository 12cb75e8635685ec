"""One ``up`` a home, known by locks; another shell finds and stops it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tanzhang.config.processes import presence
from tanzhang.problems import Problem

#: Claims a home and starts a part that inherits the parts' lock.
UP = """
import os, subprocess, sys, time
from pathlib import Path
from tanzhang.config.processes import presence
with presence.claimed(Path(sys.argv[1])) as claim:
    claim.tell("http://127.0.0.1:8000/")
    seconds = sys.argv[2]
    program = "import time; time.sleep(" + seconds + ")"
    part = subprocess.Popen([sys.executable, "-c", program], pass_fds=(claim.parts_lock,))
    print(part.pid, flush=True)
    time.sleep(60)
"""


#: A part that does not end by itself while a test runs.
FOR_LONG = 600


@dataclass
class Ups:
    """What was started: each ``up``, and the process numbers of parts that last."""

    started: list[subprocess.Popen[str]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)


@pytest.fixture
def ups() -> Iterator[Ups]:
    found = Ups()
    yield found
    for process in found.started:
        process.kill()
    for number in found.parts:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    for process in found.started:
        process.communicate()


def begin(ups: Ups, home: Path, part_seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", UP, str(home), str(part_seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    ups.started.append(process)
    assert process.stdout is not None
    number = int(process.stdout.readline())
    if part_seconds == FOR_LONG:  # the number of one that ends by itself may be another's by then
        ups.parts.append(number)
    return process


def is_at_its_end(process: subprocess.Popen[str]) -> bool:
    """Whether nobody holds its pipe any more, which its part holds too."""
    assert process.stdout is not None
    found, _, _ = select.select([process.stdout], [], [], 0.5)
    return bool(found) and process.stdout.read() == ""


def test_a_second_one_is_refused_and_told_where_the_first_is(tmp_path: Path, ups: Ups) -> None:
    begin(ups, tmp_path, 0)
    with pytest.raises(Problem) as refused, presence.claimed(tmp_path):
        pass
    assert refused.value.code == "up.already_running"
    assert refused.value.details["address"] == "http://127.0.0.1:8000/"


def test_whoever_comes_after_a_killed_one_waits_for_its_parts(tmp_path: Path, ups: Ups) -> None:
    first = begin(ups, tmp_path, 1)
    first.kill()
    first.wait()
    with presence.claimed(tmp_path) as claim:  # not before the part has ended
        assert claim.home == tmp_path
        assert is_at_its_end(first)


def test_parts_that_do_not_end_are_named(
    tmp_path: Path, ups: Ups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "PARTS_SECONDS", 0.2)
    first = begin(ups, tmp_path, FOR_LONG)
    first.kill()
    first.wait()
    with pytest.raises(Problem) as refused, presence.claimed(tmp_path):
        pass
    assert refused.value.code == "up.parts_linger"


def test_stopping_ends_it_and_waits_for_its_parts(tmp_path: Path, ups: Ups) -> None:
    first = begin(ups, tmp_path, 1)
    assert presence.stop(tmp_path)
    assert is_at_its_end(first)
    assert first.wait() == -signal.SIGTERM
    assert not presence.stop(tmp_path)


def test_where_none_ever_ran_there_is_nothing_to_stop(tmp_path: Path) -> None:
    assert not presence.stop(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_stale_file_stops_nobody(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / "up.lock").write_text(f'{{"pid": {stranger.pid}}}')
        (tmp_path / "parts.lock").touch()
        assert not presence.stop(tmp_path)
        with presence.claimed(tmp_path):
            assert f'"pid": {os.getpid()}' in (tmp_path / "up.lock").read_text()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_one_that_does_not_end_is_a_problem(
    tmp_path: Path, ups: Ups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "STOP_SECONDS", 0.2)
    begin(ups, tmp_path, FOR_LONG)
    with pytest.raises(Problem) as refused:
        presence.stop(tmp_path)
    assert refused.value.code == "up.stop_failed"


def test_an_address_is_known_as_long_as_its_up_lives(tmp_path: Path) -> None:
    assert presence.address(tmp_path) == ""
    with presence.claimed(tmp_path) as claim:
        assert presence.address(tmp_path) == ""
        claim.tell("http://127.0.0.1:8000/")
        assert presence.address(tmp_path) == "http://127.0.0.1:8000/"
    assert presence.address(tmp_path) == ""
