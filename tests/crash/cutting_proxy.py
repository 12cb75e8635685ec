"""A proxy before PostgreSQL that cuts connections at the one moment that matters: at a COMMIT.

*Before*: the COMMIT never reaches the server, and the transaction is undone. *After*: the server
has committed, and whoever asked never learns it. Restarts at random hardly ever hit either moment,
so the cuts are drawn for each COMMIT and counted.
"""

from __future__ import annotations

import random
import select
import socket
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Final

from tanzhang.config.postgres.layout import PORT

#: The simple query COMMIT, and how every answer to a finished query ends (PostgreSQL's protocol).
COMMIT: Final = b"Q\x00\x00\x00\x0bCOMMIT\x00"
DONE: Final = b"Z\x00\x00\x00\x05I"

#: A transaction that sends this keeps a batch.
OF_A_BATCH: Final = b'copy "batch_item"'

CHUNK_BYTES: Final = 1 << 16


class CuttingProxy:
    """Listens in ``folder`` as PostgreSQL would, for the server whose socket is in ``behind``.

    ``before`` and ``after`` are the shares of COMMITs to cut at either moment. ``cut`` counts what
    was cut: ``before`` and ``after``, and of these ``before batch`` and ``after batch``.
    """

    def __init__(self, folder: Path, behind: Path, seed: int) -> None:
        self.folder = folder
        self.before = self.after = 0.0
        self.cut: Counter[str] = Counter()
        self._behind = str(behind / f".s.PGSQL.{PORT}")
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX)

    def __enter__(self) -> CuttingProxy:
        self._listener.bind(str(self.folder / f".s.PGSQL.{PORT}"))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, user: str) -> str:
        """The database's address through this proxy."""
        return f"postgresql://{user}@/tanzhang?host={self.folder}&port={PORT}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """Carry bytes both ways until one side is gone or the connection is cut."""
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(self._behind)
                self._exchange(client, server)
            except OSError:  # whoever is left meets a closed connection
                return

    def _exchange(self, client: socket.socket, server: socket.socket) -> None:
        keeps_batch = False
        while True:
            readable, _, _ = select.select([client, server], [], [])
            if server in readable:
                answer = server.recv(CHUNK_BYTES)
                if not answer:
                    return
                client.sendall(answer)
            if client in readable:
                asked = client.recv(CHUNK_BYTES)
                if not asked:
                    return
                keeps_batch |= OF_A_BATCH in asked
                if asked == COMMIT:
                    if self._cuts(server, keeps_batch):
                        return
                    keeps_batch = False
                server.sendall(asked)

    def _cuts(self, server: socket.socket, keeps_batch: bool) -> bool:
        """Whether the connection ends at this COMMIT."""
        with self._lock:
            drawn = self._chance.random()
        if drawn < self.before:
            self._count("before", keeps_batch)
            return True
        if drawn < self.before + self.after:
            server.sendall(COMMIT)
            answer = b""
            while not answer.endswith(DONE):
                more = server.recv(CHUNK_BYTES)
                if not more:  # the server died of something else
                    return True
                answer += more
            if b"COMMIT" in answer:
                self._count("after", keeps_batch)
            return True
        return False

    def _count(self, moment: str, keeps_batch: bool) -> None:
        with self._lock:
            self.cut[moment] += 1
            if keeps_batch:
                self.cut[f"{moment} batch"] += 1
