"""Changing anything that was signed, or replaying it anywhere, is refused."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import BATCH, Partner
from tanzhang.crypto import Algorithm, generate, sm3
from tanzhang.surfaces.partner_api.gate import order

pytestmark = pytest.mark.database

LINES = {
    "method": "PUT",
    "path": "/v1/events:batcg",
    "query": "x",
    "host": "testserves",
    "ts": int(time.time()) - 2,
    "nonce": "0" * 32,
    "partner": "bikez",
    "key": "0123456789ABCDEF",
    "idempotency_key": "other",
    "content_type": BATCH.replace("batch", "batcg"),
    "body": b"[]",
}


@pytest.mark.parametrize("line", LINES)
def test_a_signature_over_another_line_is_refused(bikes: Partner, line: str) -> None:
    good, nonce = bikes.headers("POST", "/v1/events:batch", batch(), {"idempotency_key": "i"})
    bad, _ = bikes.headers(
        "POST",
        "/v1/events:batch",
        batch(),
        {"idempotency_key": "i", "nonce": nonce, line: LINES[line]},
    )
    sig = bad["Authorization"].partition("sig=")[2]
    mixed = good["Authorization"].partition("sig=")[0] + "sig=" + sig
    answer = bikes.send("POST", "/v1/events:batch", batch(), good | {"Authorization": mixed}, nonce)
    assert (answer.status, answer.code) == (401, "SIG_INVALID")


def test_every_flipped_byte_of_body_and_signature_is_refused(bikes: Partner) -> None:
    headers, nonce = bikes.headers("GET", "/v1/ping", b"{}")
    said = headers["Authorization"]
    head, _, tail = said.partition('sig="')
    sig = base64.b64decode(tail.rstrip('"'))
    for place in range(0, len(sig), 5):
        flipped = sig[:place] + bytes([sig[place] ^ 1]) + sig[place + 1 :]
        header = f'{head}sig="{base64.b64encode(flipped).decode()}"'
        answer = bikes.send("GET", "/v1/ping", b"{}", {"Authorization": header}, nonce)
        assert (answer.status, answer.code) == (401, "SIG_INVALID"), place
    for body in (b"{|", b"z}", b"{} ", b"{"):
        assert bikes.send("GET", "/v1/ping", body, headers, nonce).status == 401
    assert bikes.send("GET", "/v1/ping", b"{}", headers, nonce).status == 200


def test_every_flipped_bit_of_the_header_is_refused(bikes: Partner) -> None:
    headers, nonce = bikes.headers("GET", "/v1/ping")
    said = headers["Authorization"]
    for place in range(0, len(said), 7):
        flipped = said[:place] + chr(ord(said[place]) ^ 1) + said[place + 1 :]
        answer = bikes.send("GET", "/v1/ping", b"", {"Authorization": flipped}, nonce)
        assert answer.status == 401, flipped


def test_the_key_of_another_partner_signs_for_nobody_else(bikes: Partner, bank: Partner) -> None:
    thief = Partner("bikes", bank.key)
    assert thief.get("/v1/ping").code == "KEY_UNKNOWN"
    thief = Partner("bikes", generate(Algorithm.SM2))
    claimed = {"key": bikes.key.key_id}
    assert thief.get("/v1/ping", signed=claimed).code == "SIG_INVALID"


def test_unknown_partner_and_unknown_key_are_answered_alike(bikes: Partner) -> None:
    nobody = Partner("nobody").get("/v1/ping").json()
    no_key = Partner("bikes").get("/v1/ping").json()
    del nobody["request_id"], no_key["request_id"]
    assert nobody == no_key


@pytest.mark.parametrize(("skew_s", "status"), [(-300, 200), (-301, 401), (60, 200), (61, 401)])
def test_clocks_may_differ_by_so_much(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch, skew_s: int, status: int
) -> None:
    now_s = int(time.time())
    # The gate's own clock stands still, at the end of its second: only whole seconds count.
    stopped = SimpleNamespace(time_ns=lambda: (now_s + 1) * 10**9 - 1)
    monkeypatch.setattr(order, "time", stopped)
    answer = bikes.get("/v1/ping", signed={"ts": now_s + skew_s})
    assert answer.status == status
    if status == 401:
        assert answer.json()["server_time"] == now_s


def test_a_sandbox_tells_what_it_expected_and_a_live_platform_does_not(
    bikes: Partner, kind: Any
) -> None:
    kind("sandbox")
    headers, _ = bikes.headers("GET", "/v1/ping")
    wrong = {"Authorization": bikes.headers("GET", "/v1/pong")[0]["Authorization"]}
    told = bikes.send("GET", "/v1/ping", b"", wrong).json()
    said = dict(part.split("=", 1) for part in wrong["Authorization"].split(" ")[1].split(","))
    lines = (
        "PCA1-SM2-SM3",
        "GET",
        "/v1/ping",
        "",
        "testserver",
        *(said[name].strip('"') for name in ("ts", "nonce", "partner", "key")),
        "",
        "",
        sm3(b"").hex(),
    )
    assert told["expected_lines"] == 12
    assert told["expected_sm3"] == sm3("".join(f"{line}\n" for line in lines).encode()).hex()
    kind("live")
    assert (
        bikes.send("GET", "/v1/ping", b"", wrong)
        .json()
        .keys()
        .isdisjoint({"expected_sm3", "expected_lines"})
    )
    assert headers


REPLAY = """
import json, sys
from tanzhang.config import setup
setup()
from surfaces.partner_api.signing import asked
status, _, body = asked("GET", "/v1/ping", b"", json.loads(sys.argv[1]))
print(json.dumps([status, json.loads(body).get("code")]))
"""


def test_a_nonce_is_good_once_among_all_processes(bikes: Partner) -> None:
    headers, _ = bikes.headers("GET", "/v1/ping")
    seen = [_elsewhere(headers), _elsewhere(headers)]
    assert seen == [[200, None], [401, "NONCE_REPLAYED"]]
    assert bikes.send("GET", "/v1/ping", b"", headers).code == "NONCE_REPLAYED"


def test_a_nonce_of_a_refused_signature_is_not_used_up(bikes: Partner) -> None:
    headers, nonce = bikes.headers("GET", "/v1/ping")
    assert bikes.get("/v1/ping", signed={"nonce": nonce, "path": "/v1/x"}).code == "SIG_INVALID"
    assert bikes.send("GET", "/v1/ping", b"", headers, nonce).status == 200


def _elsewhere(headers: dict[str, str]) -> Any:
    """What another process answers to these headers."""
    from pathlib import Path

    tests = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", REPLAY, json.dumps(headers)],
        env=os.environ | {"PYTHONPATH": str(tests)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
