"""A real PKCS#11 token in software, SoftHSM, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.crypto.keystore.opening import open_store

#: Where Debian, Fedora, Homebrew put the module.
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
MISSING = "These tests need SoftHSM 2: run “make browser” (as root or with sudo)."
LABEL, PIN = "tanzhang", "2468"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> datetime:
        """Moves it and says what it shows."""
        self.now += timedelta(**time)
        return self.now


@dataclass(frozen=True)
class Hsm:
    """An initialised token."""

    module: str

    def environment(self, kind: str, label: str = "wrapping") -> dict[str, str]:
        """What names this token as a key store."""
        url = f"{kind}:token={LABEL};object={label}?module-path={self.module}"
        return {"TANZHANG_KEYS": url, "TANZHANG_KEYS_PASSWORD": PIN}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hsm]:
    """One token for the session: a module reads its settings once in the life of a process."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    program = shutil.which("softhsm2-util")
    if module is None or program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        words = ["--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "1357"]
        subprocess.run([program, *words], check=True, capture_output=True)
        yield Hsm(module)


@pytest.fixture(params=["file", "pkcs11", "wrapped"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> DirectoryStore:
    """An empty store of each kind, by a clock that the test moves."""
    environment: dict[str, str] = {}
    if request.param != "file":
        environment = request.getfixturevalue("hsm").environment(request.param)
    opened = open_store(tmp_path, environment)
    opened._clock = clock
    return opened


@pytest.fixture
def reopen(tmp_path: Path, clock: Clock) -> Callable[[dict[str, str]], DirectoryStore]:
    """Opens the test's own store as another process would."""

    def opened(environment: dict[str, str]) -> DirectoryStore:
        store = open_store(tmp_path, environment)
        store._clock = clock
        return store

    return opened
