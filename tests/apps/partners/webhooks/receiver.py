"""A partner's own server: it keeps what it is told, and answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came, header names in lower case, and what is answered next."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)  #: the last one goes on for ever
    gate: threading.Event = field(default_factory=threading.Event)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def status(self) -> int:
        """What to answer now."""
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def receiver(*statuses: int, waits: bool = False) -> Iterator[Receiver]:
    """A server on a port of this machine; with ``waits`` it answers only once the gate is open."""
    told = Receiver(statuses=list(statuses) or [204])
    if not waits:
        told.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            told.gate.wait(timeout=30)
            status = told.status()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", told.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
