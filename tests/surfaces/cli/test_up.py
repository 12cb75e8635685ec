"""The whole demonstration as one process: it goes on, it is told to stop, it is killed outright."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from first_ports import first_ports
from tanzhang.config import postgres, serving
from tanzhang.surfaces.cli import up as command
from tanzhang.surfaces.cli.demo import Size
from tanzhang.surfaces.cli.up_text import _WORDS

SECONDS = 90.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An installation of its own."""
    folder = Path(tempfile.mkdtemp(prefix="tzu-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    called(folder, "stop")
    called(folder, "--sandbox", "stop")
    shutil.rmtree(folder)


class Up:
    """A running ``tanzhang up``, which is killed if a test leaves it behind."""

    def __init__(self, home: Path, *words: str, before: Sequence[str] = ()) -> None:
        self.home = home
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tanzhang", *before, "up", "--no-city", "--lang", "en", *words],
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def hears(self, words: str) -> str:
        """Read on until these words come; everything said so far."""
        assert self.process.stdout is not None
        while words not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        return self.said

    def address(self) -> str:
        found = re.search(r"(http://\S+:\d+)/console/", self.hears("Ctrl-C stops everything"))
        assert found is not None
        return found[1]

    def parts(self) -> dict[str, int]:
        """The process number of each part by the command that it runs.

        A process that is just starting or has just ended has no command (or no file) to read:
        it is left out.
        """
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        words = {int(number): words_of(int(number)) for number in children.read_text().split()}
        return {said[3]: number for number, said in words.items() if len(said) > 3}


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def begin(*words: str, before: Sequence[str] = ()) -> Up:
        started.append(Up(home, *words, before=before))
        return started[-1]

    with first_ports():
        yield begin
        for up in started:
            up.process.kill()
            up.process.wait()
            if up.process.stdout is not None:
                up.process.stdout.close()


def environment(home: Path) -> dict[str, str]:
    unset = {name for name in os.environ if name.startswith(("DATABASE_", "SANDBOX_", "TANZHANG_"))}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"TANZHANG_HOME": str(home)}


def called(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", *words],
        env=environment(home),
        capture_output=True,
        text=True,
    )


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def status(url: str) -> int:
    """The status of a page; 0 if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def words_of(number: int) -> list[str]:
    """The words with which a process was started; none of one that has ended."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def wait(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def lives(number: int) -> bool:
    """Whether a process runs (one that ended and was not asked about is a zombie)."""
    try:
        return Path(f"/proc/{number}/stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads processes from /proc")
def test_it_runs_mends_itself_outlives_no_kill_and_goes_on_where_it_stopped(
    home: Path, start: Callable[..., Up]
) -> None:
    first = start("--size", "none")
    first.hears("Preparing")
    with socket.socket() as somebody:  # who comes while it prepares, and takes a port that was free
        somebody.bind(("127.0.0.1", command._free_address(None).port))
        somebody.listen()
        address = first.address()
    assert status(f"{address}/readyz") == 200
    assert status(f"{address}/console/login/") == 200
    assert "demo-administrator" in first.said

    second = called(home, "up", "--json")
    assert second.returncode == 2  # it has no --json
    second = called(home, "up", "--lang", "en")
    assert second.returncode == 1
    assert f"at {address}" in second.stderr
    assert "[up.already_running]" in second.stderr

    parts = first.parts()
    assert parts.keys() == {"worker", "scheduler", "courier", "web"}
    os.kill(parts["worker"], signal.SIGKILL)
    first.hears("worker-1 ended by itself (code -9); it starts again in 1 s.")
    wait(lambda: first.parts().get("worker", parts["worker"]) != parts["worker"])

    parts = first.parts()
    first.process.kill()
    first.process.wait()
    wait(lambda: not any(map(lives, parts.values())))
    assert status(f"{address}/healthz") == 0
    assert postgres.is_running(home)

    third = start("--size", "none")
    # The same port, or one before it that is free now: nobody of the first holds it any more.
    assert port_of(third.address()) <= port_of(address)
    address = third.address()
    assert status(f"{address}/readyz") == 200
    stopped = called(home, "stop", "--json")
    assert json.loads(stopped.stdout) == {"stopped": True}
    said, _ = third.process.communicate(timeout=SECONDS)
    assert third.process.returncode == 0
    assert said.endswith("the next start goes on from here.\n")
    assert not postgres.is_running(home)
    assert json.loads(called(home, "stop", "--json").stdout) == {"stopped": False}


def test_it_ends_in_order_when_it_is_asked_to_while_it_prepares(
    home: Path, start: Callable[..., Up]
) -> None:
    early = start("--size", "small")
    early.hears("Preparing")
    early.process.send_signal(signal.SIGINT)
    said, _ = early.process.communicate(timeout=SECONDS)
    assert early.process.returncode == 0, said
    assert said.endswith("the next start goes on from here.\n")
    assert "Starting workers" not in said
    assert not postgres.is_running(home)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads processes from /proc")
def test_a_sandbox_runs_beside_it_and_neither_disturbs_the_other(
    home: Path, start: Callable[..., Up]
) -> None:
    def kind(address: str) -> str:
        with urllib.request.urlopen(f"{address}/readyz", timeout=SECONDS) as answer:
            return str(json.load(answer)["kind"])

    own = start("--size", "none")
    beside = start("--size", "none", before=("--sandbox",))
    addresses = own.address(), beside.address()
    assert "The sandbox of Tanzhang" in beside.said
    assert [kind(address) for address in addresses] == ["demonstration", "sandbox"]
    assert (home / "secret-key").read_text() != (home / "sandbox" / "secret-key").read_text()

    stopped = called(home, "--sandbox", "stop", "--json")
    assert json.loads(stopped.stdout) == {"stopped": True}
    assert beside.process.wait(SECONDS) == 0
    assert status(f"{addresses[1]}/healthz") == 0
    assert not postgres.is_running(home / "sandbox")
    assert kind(addresses[0]) == "demonstration"

    again = start("--size", "none", before=("--sandbox",))
    assert kind(again.address()) == "sandbox"
    called(home, "stop")
    assert own.process.wait(SECONDS) == 0
    assert kind(again.address()) == "sandbox"
    called(home, "--sandbox", "stop")
    assert again.process.wait(SECONDS) == 0


@pytest.mark.parametrize("answer", [b"<html>Busy</html>", b"[]", b'{"status": "ready"}', b""])
def test_a_page_in_the_place_of_an_answer_is_no_readiness(answer: bytes) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as somebody:
        Thread(target=somebody.handle_request).start()
        assert command._missing(serving.Address("127.0.0.1", somebody.server_port)) == "web"


def test_a_port_that_was_asked_for_and_is_taken_is_refused(home: Path) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        refused = called(home, "up", "--port", str(port), "--lang", "en")
    assert refused.returncode == 1
    assert "[configuration.address_taken]" in refused.stderr
    assert not postgres.is_running(home)


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        monkeypatch.setattr(serving, "FIRST_PORT", taken)
        monkeypatch.delenv("TANZHANG_LISTEN", raising=False)
        assert command._free_address(None).port > taken
        monkeypatch.setattr(command, "PORTS_TRIED", 1)
        with pytest.raises(command.Problem) as refused:
            command._free_address(None)
        assert refused.value.code == "up.port_taken"


@pytest.mark.parametrize(
    ("living", "city"), [(None, None), (Size.SMALL, "30"), (Size.NONE, "30"), (Size.CITY, "2000")]
)
def test_the_citizens_who_lived_are_the_ones_who_live(living: Size | None, city: str) -> None:
    parts = {part.name: list(part.words) for part in command._parts(living)}
    assert {"worker-1", "scheduler", "courier", "web"} <= parts.keys()
    assert ("city" in parts) == (living is not None)
    if living is not None:
        words = parts["city"]
        assert words[:2] == ["city", "live"]
        assert words[words.index("--citizens") + 1] == city


def test_everything_is_said_in_both_languages() -> None:
    assert _WORDS["en"].keys() == _WORDS["zh"].keys()
