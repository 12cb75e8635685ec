"""A partner's file servers on this machine: SFTP by another library than ours, and HTTPS."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "a password of the tests"


@dataclass
class Sftp:
    """Where it listens, and how it is known."""

    port: int = 0
    host_key: str = ""
    sessions: list[str] = field(default_factory=list)


@contextmanager
def sftp_server(folder: Path) -> Iterator[Sftp]:
    """Serves ``folder`` as ``/`` to the user ``export``."""
    told, ready, ended = Sftp(), threading.Event(), asyncio.Event()
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()

    connections: list[asyncssh.SSHServerConnection] = []

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

        def begin_auth(self, username: str) -> bool:
            told.sessions.append(username)
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("export", PASSWORD)

    async def serve() -> None:
        def rooted(channel: object) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(channel, chroot=str(folder))  # type: ignore[arg-type]

        listener = await asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=rooted
        )
        told.port = listener.get_port()
        told.host_key = " ".join(key.export_public_key().decode().split()[:2])
        ready.set()
        await ended.wait()
        listener.close()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()
        await listener.wait_closed()
        await asyncio.sleep(0.05)  # the transports close a turn later

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(timeout=20)
    try:
        yield told
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=20)
        loop.close()


@contextmanager
def https_server(folder: Path, certificate: Path) -> Iterator[int]:
    """Serves ``folder`` on a port, with a certificate of its own that is written to a file."""
    key_file = certificate.with_suffix(".key")
    _certify(certificate, key_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key_file)

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certify(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
