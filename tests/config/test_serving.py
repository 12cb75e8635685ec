"""Where the site listens, and that nobody else does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tanzhang.config import serving
from tanzhang.config.serving import Address
from tanzhang.problems import Problem


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [("", "127.0.0.1", 8000), ("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:9000", "::1", 9000)],
)
def test_the_environment_says_where(
    monkeypatch: pytest.MonkeyPatch, given: str, host: str, port: int
) -> None:
    monkeypatch.setenv("TANZHANG_LISTEN", given)
    assert serving.address() == Address(host, port)
    assert str(serving.address()) == (given or "127.0.0.1:8000")


@pytest.mark.parametrize("given", ["8000", "localhost", "localhost:", "a:0", "a:65536", "a:b"])
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TANZHANG_LISTEN", given)
    with pytest.raises(Problem) as refused:
        serving.address()
    assert refused.value.code == "configuration.address_invalid"


def test_an_address_that_somebody_listens_on_is_taken() -> None:
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian does
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = Address("127.0.0.1", somebody.getsockname()[1])
        assert not taken.is_free()
        with pytest.raises(Problem) as refused:
            taken.refuse_taken()
        assert refused.value.code == "configuration.address_taken"
    assert taken.is_free()


def test_a_site_that_listens_everywhere_is_reached_here() -> None:
    assert Address("0.0.0.0", 80).reached_at() == "127.0.0.1"
    assert Address("::", 80).reached_at() == "::1"
    assert Address("192.0.2.7", 80).reached_at() == "192.0.2.7"


def test_the_site_lives_without_a_database_and_ends_when_asked() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    nowhere = dict.fromkeys(
        ("DATABASE_URL", "DATABASE_OWNER_URL"), "postgresql://nobody@127.0.0.1:1/none"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tanzhang", "web"],
        env=os.environ | nowhere | {"TANZHANG_LISTEN": f"127.0.0.1:{port}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert answer(port, "/healthz") == (200, '{"status": "alive"}')
        code, said = answer(port, "/readyz")
        assert code == 503
        assert '"missing": ["database"]' in said
        assert answer(port, "/healthz")[0] == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, complained = process.communicate(timeout=30)
    assert process.returncode == 0, complained


def answer(port: int, path: str) -> tuple[int, str]:
    """Status and body, as soon as anybody answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
