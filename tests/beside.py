"""Something done by another thread, with a connection of its own, while a test holds locks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

from tanzhang.apps.database import raw_connection
from tanzhang.config.database import connect

Answer = TypeVar("Answer")

SECONDS = 60.0


@dataclass
class Beside(Generic[Answer]):
    """What another thread does; ``backend`` is its connection's process."""

    future: Future[Answer]
    backend: int

    def waits(self) -> None:
        """See it wait for a lock."""
        with connect("owner", autocommit=True) as owner:
            deadline = time.monotonic() + SECONDS
            while not owner.execute(
                "select 1 from pg_locks where pid = %s and not granted", [self.backend]
            ).fetchone():
                assert not self.future.done(), f"it did not wait: {self.future}"
                assert time.monotonic() < deadline, "it neither waits nor ends"
                time.sleep(0.01)

    def result(self) -> Answer:
        """What it gave, or raises what it raised."""
        return self.future.result(SECONDS)


@contextmanager
def beside(do: Callable[[], Answer]) -> Iterator[Beside[Answer]]:
    """Do something in another thread; whoever leaves does not wait for it: ``result`` does."""
    backends: Future[int] = Future()

    def work() -> Answer:
        try:
            backends.set_result(raw_connection().info.backend_pid)
            return do()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    try:
        future = pool.submit(work)
        yield Beside(future, backends.result(SECONDS))
    finally:
        pool.shutdown(wait=False)
