"""How a command that runs on and on hears that it is to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Told:
    """Hears the signals that ask a process to end, and remembers.

    A terminal that is closed asks too, unless whoever started us said otherwise (``nohup``).
    """

    def __init__(self) -> None:
        self._heard = False
        self._interrupts = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)

    def to_end(self) -> bool:
        """Whether anybody asked."""
        return self._heard

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Break off what is under way here as soon as somebody asks, and go on behind it.

        Only for work that may be broken off anywhere and done again.
        """
        self._interrupts = True
        try:
            yield
        except _Asked:
            pass
        finally:
            self._interrupts = False

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._heard = True
        if self._interrupts:
            self._interrupts = False
            raise _Asked


class _Asked(BaseException):
    """Not an error, and nobody's to catch but ``interrupting``."""
