"""Whoever holds a lifeline ends when the other end is gone, even by a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from tanzhang.config.processes import lifeline

#: A part that says what became of it; its own child must not find the variable.
PART = """
import os, signal, sys, time
from tanzhang.config.processes import lifeline
signal.signal(signal.SIGTERM, lambda *_: (print("asked", flush=True), {then}))
lifeline.hold_on()
assert lifeline.VARIABLE not in os.environ
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""

#: Starts a part as ``up`` does, and waits to be killed.
STARTER = """
import os, subprocess, sys, time
from tanzhang.config.processes import lifeline
reading, writing = os.pipe()
subprocess.Popen(
    [sys.executable, "-c", sys.argv[1]],
    pass_fds=(reading,),
    env=os.environ | {lifeline.VARIABLE: str(reading)},
)
time.sleep(60)
"""


def begun(then: str) -> subprocess.Popen[str]:
    """A starter whose part is ready; both write to one pipe, which ends when both have ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, PART.replace("{then}", then)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_part_is_asked_to_end_when_its_starter_is_killed() -> None:
    starter = begun(then="sys.exit(0)")
    starter.send_signal(signal.SIGKILL)
    said, _ = starter.communicate(timeout=60)
    assert said == "asked\n"


def test_a_part_that_does_not_listen_ends_all_the_same() -> None:
    grace = "from tanzhang.config.processes import lifeline; lifeline.GRACE_SECONDS = 0.5\n"
    source = PART.replace("{then}", "None")
    reading, writing = os.pipe()
    part = subprocess.Popen(
        [sys.executable, "-c", grace + source],
        pass_fds=(reading,),
        env=os.environ | {lifeline.VARIABLE: str(reading)},
        stdout=subprocess.PIPE,
        text=True,
    )
    os.close(reading)
    assert part.stdout is not None
    assert part.stdout.readline() == "ready\n"
    broken = time.monotonic()
    os.close(writing)
    said, _ = part.communicate(timeout=60)
    assert said == "asked\n"
    assert part.returncode == 1
    assert time.monotonic() - broken >= 0.5


def test_without_a_lifeline_nothing_is_watched() -> None:
    program = (
        "import threading\nfrom tanzhang.config.processes import lifeline\n"
        "lifeline.hold_on()\nprint(threading.active_count())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "1\n"
