"""Starts parts, starts them again when they die, ends them in order."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

from tanzhang.config.processes import lifeline

PAUSE_SECONDS: Final = 0.2

#: A part that dies is started again after 1, 2, 4 … seconds; one that lived long begins anew.
FIRST_BACK_OFF_SECONDS: Final = 1.0
LONGEST_BACK_OFF_SECONDS: Final = 30.0
LONG_LIFE_SECONDS: Final = 60.0

#: A part that does not end when asked is killed after so long.
STOP_SECONDS: Final = 20.0

LOG_BYTES_KEPT: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A ``tanzhang`` command that is to run all the time, such as ``("worker",)``."""

    name: str
    words: Sequence[str]


@dataclass(slots=True)
class _Run:
    """A part under way, or waiting to be started again."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    deaths: int = 0
    next_start: float = 0.0


@dataclass
class Supervisor:
    """Keeps parts running; ``died`` is told the name, the exit code and the seconds to wait.

    A context manager: leaving it ends all parts, the last one first.
    """

    logs: Path
    environment: Mapping[str, str]
    parts_lock: int
    died: Callable[[str, int, float], None]
    _runs: list[_Run] = field(default_factory=list)
    _reading: int = -1
    _writing: int = -1

    def __enter__(self) -> Supervisor:
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._reading, self._writing = os.pipe()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for run in reversed(self._runs):
            _end(run)
        os.close(self._writing)
        os.close(self._reading)

    def start(self, parts: Iterable[Part]) -> None:
        """Start parts, each before those that need it."""
        for part in parts:
            run = _Run(part)
            self._runs.append(run)
            self._launch(run)

    def look_after(self) -> None:
        """Notice who died, and start again whose time has come; call it often."""
        now = time.monotonic()
        for run in self._runs:
            if run.process is None:
                if now >= run.next_start:
                    self._launch(run)
            elif (code := run.process.poll()) is not None:
                run.process = None
                run.deaths = 1 if now - run.born > LONG_LIFE_SECONDS else run.deaths + 1
                wait = min(LONGEST_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2 ** (run.deaths - 1))
                run.next_start = now + wait
                self.died(run.part.name, code, wait)

    def _launch(self, run: _Run) -> None:
        log = self.logs / f"{run.part.name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
            shutil.move(log, log.with_suffix(".log.old"))
        with log.open("ab") as output:
            run.process = subprocess.Popen(
                [sys.executable, "-m", "tanzhang", *run.part.words],
                env={
                    **os.environ,
                    **self.environment,
                    "TANZHANG_PROCESS": run.part.name,
                    lifeline.VARIABLE: str(self._reading),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(self._reading, self.parts_lock),
                start_new_session=True,  # Ctrl-C is for us alone; we end them in order
            )
        run.born = time.monotonic()


def _end(run: _Run) -> None:
    """Ask a part to end; kill it, and what it started, if it does not."""
    process = run.process
    if process is None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
