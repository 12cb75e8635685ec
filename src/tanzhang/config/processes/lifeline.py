"""A part ends with whoever started it, be that killed outright.

Whoever starts parts keeps the writing end of a pipe and never writes. Each part gets the reading
end and its number in the environment; when the last writer is gone, reading ends. The kernel closes
the pipe of a killed process, so no signal handler needs to run, and it works on any Unix.
"""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "TANZHANG_LIFELINE"

#: A part that was asked to end and has not by then ends itself outright. Nothing is lost by that:
#: what was acknowledged is in the database, and what was not is done again.
GRACE_SECONDS = 20.0


def hold_on() -> None:
    """Watch the lifeline that the environment names, if any; when it breaks, end in order."""
    given = os.environ.pop(VARIABLE, "")  # not for our own children: they have no such descriptor
    if given:
        threading.Thread(target=_watch, args=(int(given),), daemon=True).start()


def _watch(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
