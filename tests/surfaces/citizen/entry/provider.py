"""A partner's identity provider: a real one, and one that can be made to lie in its id_token."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tanzhang.apps.partners.api import set_provider

CLIENT, SECRET = "tanzhang", "a-secret-of-32-letters-and-digits"


def known_as_provider(folder: Path, issuer: str) -> None:
    """Let the bank's people enter by this issuer."""
    secret = folder / "client-secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    set_provider("bank", issuer=issuer, client_id=CLIENT, secret_file=secret)


#: In a process of its own: the library warns of what it uses itself, and warnings are errors here.
SERVE = """
import sys, oidc_provider_mock
with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@contextmanager
def real_provider() -> Iterator[str]:
    """The issuer of a running ``oidc-provider-mock``."""
    command = [sys.executable, "-W", "ignore", "-c", SERVE]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield f"http://localhost:{int(process.stdout.readline())}"


def logs_in(address: str, person: str) -> dict[str, str]:
    """Somebody logs in at the real provider; what her browser brings back, by parameter."""
    answer = httpx.post(address, data={"sub": person})
    assert answer.status_code == 302, answer.text
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()
    }


@dataclass
class Liar:
    """A provider that puts into its id_token whatever a test asks for."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    nonce: str = ""
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda said: said
    sign: Callable[[dict[str, Any]], str] | None = None
    description: dict[str, Any] = field(default_factory=dict)

    def id_token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "sub": "gil",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        }
        told = self.claims(said)
        return self.sign(told) if self.sign else self.signed(told)

    def signed(self, told: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"}, told, self.key)

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            } | self.description
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()}


def unsigned(told: dict[str, Any]) -> str:
    """An id_token of the algorithm ``none``."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, told))
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts) + "."


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """Such a provider, running."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(liar.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield liar
        finally:
            server.shutdown()
            thread.join()


def asked(address: str, name: str) -> str:
    """A parameter of the address to which she was sent."""
    return parse_qs(urlsplit(address).query)[name][0]


def is_s256(challenge: str) -> bool:
    """Whether it looks like a SHA-256 in base64 for addresses."""
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge) is not None
