"""The embedded server on real processes: one server, found, kept, stopped, whatever happened."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tanzhang.config import postgres
from tanzhang.config.postgres.account import Account, account_for
from tanzhang.config.postgres.binaries import PACKAGE, program
from tanzhang.config.postgres.layout import Layout
from tanzhang.config.postgres.server import start
from tanzhang.problems import Problem

Ask = Callable[[Path, str], object]

START = "import sys; from pathlib import Path; from tanzhang.config import postgres;"
START += "print(postgres.start(Path(sys.argv[1])), flush=True)"


def starter(
    home: Path, then: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Another process that starts the server, then does as told."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{START};{then}", str(home)],
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def head(home: Path) -> int:
    """The process id of the server's head."""
    return int(Layout.of(home).pid_file.read_text().split("\n")[0])


def killed(home: Path) -> None:
    """Kill the server's head outright."""
    os.kill(head(home), signal.SIGKILL)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, at most a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_second_start_finds_the_server_of_the_first(home: Path) -> None:
    start(home)
    first = head(home)
    assert postgres.is_running(home)
    start(home)
    assert head(home) == first


def test_processes_that_start_at_once_get_one_server(home: Path, ask: Ask) -> None:
    started = [starter(home) for _ in range(4)]
    said = {process.communicate(timeout=60)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    assert len(said) == 1
    assert ask(home, "SELECT 1") == 1
    assert Layout.of(home).log.read_text().count("ready to accept connections") == 1


def test_no_folder_above_the_home_is_opened(closed_folder: Path) -> None:
    deeper = closed_folder / "checkout"
    deeper.mkdir(mode=0o700)
    start(deeper / "var")
    modes = [path.stat().st_mode & 0o777 for path in (closed_folder, deeper)]
    assert modes == [0o700, 0o700]


def test_programs_in_a_closed_folder_run_too(closed_folder: Path, ask: Ask) -> None:
    installed = program("postgres").parents[1]
    copy = closed_folder / PACKAGE / installed.name
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    (copy.parent / "__init__.py").touch()
    for libraries in installed.parents[1].glob(f"{PACKAGE}.*"):  # they lie beside it
        shutil.copytree(libraries, closed_folder / libraries.name)
    home = closed_folder / "home"
    process = starter(home, environment={"PYTHONPATH": str(closed_folder)})
    assert process.communicate(timeout=60)[0].strip() == str(home / "socket")
    assert Path(f"/proc/{head(home)}/exe").readlink() == copy / "bin" / "postgres"


def test_data_and_socket_are_closed_to_others(home: Path) -> None:
    directory = start(home)
    layout = Layout.of(home)
    assert layout.data.stat().st_mode & 0o777 == 0o700
    assert directory.stat().st_mode & 0o777 == 0o700
    assert layout.log.stat().st_mode & 0o077 == 0


def test_the_server_is_never_root_and_owns_its_data_alone(home: Path) -> None:
    start(home)
    layout = Layout.of(home)
    owner = Path(f"/proc/{head(home)}").stat().st_uid
    assert owner != 0
    assert layout.data.stat().st_uid == owner
    assert layout.home.stat().st_uid == os.geteuid()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_home_that_root_copied_works_under_the_servers_own_number(home: Path, ask: Ask) -> None:
    start(home)
    ask(home, "CREATE TABLE kept AS SELECT 42 AS number")
    postgres.stop(home)
    copy = home.parent / "copy"
    shutil.copytree(home, copy)
    assert (copy / "postgres").stat().st_uid == 0
    start(copy)
    assert ask(copy, "SELECT number FROM kept") == 42
    assert {path.stat().st_uid for path in (copy / "postgres").rglob("*")} != {0}


def test_a_killed_server_is_started_again_and_remembers(home: Path, ask: Ask) -> None:
    start(home)
    ask(home, "CREATE TABLE kept AS SELECT 42 AS number")
    before = head(home)
    killed(home)
    start(home)  # at once: children of the killed head may still be there
    assert ask(home, "SELECT number FROM kept") == 42
    assert head(home) != before


def test_a_pid_file_that_names_a_stranger_is_not_believed(home: Path, ask: Ask) -> None:
    start(home)
    layout = Layout.of(home)
    account = account_for(layout.home, layout.data, [])
    killed(home)
    stranger = _sleeper(account)
    try:
        lines = layout.pid_file.read_text().split("\n")
        layout.pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert not postgres.is_running(home)
        eventually(lambda: not postgres.stop(home))  # once the killed head's children are gone
        start(home)
        assert ask(home, "SELECT 1") == 1
        assert head(home) != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def _sleeper(account: Account) -> subprocess.Popen[bytes]:
    """A process that has nothing to do with the server but runs as the same user."""
    as_root = os.geteuid() == 0
    return subprocess.Popen(
        ["sleep", "600"], user=account.uid if as_root else None, cwd="/", start_new_session=True
    )


def test_the_server_outlives_who_started_it_and_any_process_stops_it(home: Path) -> None:
    process = starter(home, "import time; time.sleep(600)")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert postgres.is_running(home)
    assert postgres.stop(home)
    assert not postgres.is_running(home)
    assert not postgres.stop(home)
    assert not Layout.of(home).pid_file.exists()


def test_the_terminals_interrupt_does_not_reach_the_server(home: Path) -> None:
    process = starter(home, "import time; time.sleep(600)")
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode == -signal.SIGINT
    assert postgres.is_running(home)


def test_a_home_too_deep_for_a_socket_gets_a_short_one(closed_folder: Path, ask: Ask) -> None:
    home = closed_folder / ("deep" * 20) / ("deeper" * 10)
    directory = start(home)
    assert not directory.is_relative_to(home)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert starter(home).communicate(timeout=60)[0].strip() == str(directory)
    assert ask(home, "SELECT 1") == 1
    shutil.rmtree(directory)  # as a restart of the machine does
    os.kill(head(home), signal.SIGINT)
    eventually(lambda: not Layout.of(home).pid_file.exists())
    assert start(home) != directory
    assert ask(home, "SELECT 1") == 1


def test_a_home_made_again_gets_a_server_of_its_own(home: Path, ask: Ask) -> None:
    start(home)
    ghost = head(home)
    shutil.rmtree(home)
    try:
        assert not postgres.is_running(home)
        start(home)
        assert head(home) != ghost
        assert ask(home, "SELECT current_setting('data_directory')") == str(home / "postgres")
    finally:
        os.kill(ghost, signal.SIGQUIT)


def test_a_crash_while_the_data_is_made_leaves_nothing_in_the_way(home: Path, ask: Ask) -> None:
    Layout.of(home).make_home()
    (home / "postgres.new" / "base").mkdir(parents=True)
    start(home)
    assert ask(home, "SELECT 1") == 1
    assert not (home / "postgres.new").exists()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    start(home)
    postgres.stop(home)
    configuration = home / "postgres" / "postgresql.auto.conf"
    kept = configuration.read_text()
    configuration.write_text("shared_buffers = 'enormous'\n")
    with pytest.raises(Problem) as raised:
        start(home)
    assert raised.value.code == "embedded.start_failed"
    assert "shared_buffers" in raised.value.details["said"]
    configuration.write_text(kept)
    start(home)


def test_a_home_that_cannot_be_made_says_so(closed_folder: Path) -> None:
    (closed_folder / "file").write_text("in the way")
    with pytest.raises(Problem) as raised:
        start(closed_folder / "file" / "home")
    assert raised.value.code == "embedded.home_unusable"
    assert raised.value.details["said"].endswith("/file/home")


def test_a_commit_is_on_the_disk_and_no_port_is_open(home: Path, ask: Ask) -> None:
    start(home)
    names = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "listen_addresses")
    assert [ask(home, f"SHOW {name}") for name in names] == ["on", "on", "on", "on", ""]


def test_the_log_does_not_quote_what_people_entered(home: Path, ask: Ask) -> None:
    start(home)
    ask(home, "CREATE TABLE person (name text PRIMARY KEY)")
    for _ in range(2):
        try:
            ask(home, "INSERT INTO person VALUES ('Zhang San')")
        except Exception as error:
            assert "Zhang San" in str(error)
    log = Layout.of(home).log.read_text()
    assert "duplicate key" in log
    assert "Zhang San" not in log
