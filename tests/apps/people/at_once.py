"""Two calls at the same time, each on a connection of its own, as two requests are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import connection

from tanzhang.problems import Problem

#: How long a call waits for the other at the point where they should meet.
PATIENCE_S = 1.0


class Meeting:
    """A point that both calls reach before either goes on; unless one of them is kept out.

    ``after`` wraps a function so that whoever has called it waits there for the other.
    """

    def __init__(self) -> None:
        self._barrier = Barrier(2)
        self.met = 0  #: how many came here

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def reached(*args: Any, **named: Any) -> Any:
            found = function(*args, **named)
            self.met += 1
            with suppress(BrokenBarrierError):  # the other one is kept out: that is what locks do
                self._barrier.wait(PATIENCE_S)
            return found

        return reached


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What calls answer that begin together: their result, or the code of their refusal."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [waiting.result() for waiting in [pool.submit(_answer, call) for call in calls]]


def _answer(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Problem as refusal:
        return refusal.code
    finally:
        connection.close()
