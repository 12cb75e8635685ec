"""A partner with curl, openssl and a shell alone gets everything that the pages promise.

The script speaks to a real sandbox over real connections; a real courier brings it a webhook, which
the recipe of the page “Webhooks” verifies.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from stranger import ROOT, Stranger, blocks

SCRIPT = ROOT / "tests" / "clients" / "openssl_client.sh"

#: What each step prints; 2.4 km and 3 km by shared bike at 48.70 g/km.
STEPS = {
    "platform keys": "200, the unwrapping key is endorsed",
    "ping": "200 shellbank",
    "webhook": "200 we_…",
    "batch": "200 accepted (null),rejected (person_unknown)",
    "digest of an event": "as we compute it",
    "merkle root": "as we compute it",
    "settled": "credited 116880 mg",
    "same key": "200 the same bytes",
    "another key": "200 duplicate (same_content),rejected (person_unknown)",
    "correction": "200 accepted (null)",
    "corrected": "credited 146100 mg",
    "withdrawal": "200 accepted (null)",
    "withdrawn": "withdrawn 0 mg",
    "revisions": "[0,1,2]",
    "flipped byte": "401 SIG_INVALID",
    "flipped byte, digest sent": "400 BODY_DIGEST_MISMATCH",
    "old timestamp": "401 TIMESTAMP_OUT_OF_WINDOW",
    "replayed nonce": "401 NONCE_REPLAYED",
    "nothing was taken": "404 NOT_FOUND",
    "wrong signature": "the answer 200 does not verify",
    "broken connection": "there was no answer, then 200 accepted (null)",
}


@dataclass
class Received:
    """Where webhooks arrive, and what came."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    first: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiver() -> Iterator[Received]:
    """A server that says yes to every message and keeps it."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.came.append(({n.lower(): v for n, v in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()
            received.first.set()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.url = f"http://127.0.0.1:{server.server_address[1]}/in"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def partner(sandbox: Stranger) -> Path:
    """The folder of a partner who made a key with the script and was brought in with it."""
    folder = sandbox.folder / "shellbank"
    key_id = sandbox.types(f"sh {SCRIPT} key {folder}").strip()
    brought_in = sandbox.types(
        "tanzhang --sandbox partner create shellbank --programme citic --title-zh 示例银行"
        f" --title-en 'Shell Bank' --public-key {folder}/public.pem\n"
        "tanzhang --sandbox partner agree shellbank --kind report --scenes shared-bike"
        " --by operator\n"
        "tanzhang --sandbox partner citizens shellbank --count 1\n"
        f"tanzhang --sandbox key public --out {folder}/platform-keys.json"
    )
    assert key_id in brought_in
    return folder


@pytest.mark.database
def test_a_shell_reports_repeats_corrects_withdraws_and_is_refused(
    sandbox: Stranger, partner: Path
) -> None:
    with receiver() as received:
        said = sandbox.types(
            f"sh {SCRIPT} report {sandbox.url} shellbank citizen-1 {partner} {received.url}"
        )
        assert dict(line.split(": ", 1) for line in said.splitlines()) == STEPS
        assert received.first.wait(60), "no webhook came"
    _the_page_verifies(sandbox, partner, *received.came[0])

    kept = partner / "kept" / "answer"
    receipt = json.loads(kept.read_bytes())
    assert sandbox.types(f"sh {SCRIPT} receipt {partner}") == (
        f"receipt: verified, {receipt['batch_id']}\n"
    )
    kept.write_bytes(kept.read_bytes().replace(b'"accepted":1', b'"accepted":2'))
    refused = sandbox.tries(f"sh {SCRIPT} receipt {partner}")
    assert (refused.returncode, refused.stdout) == (1, "")


def _the_page_verifies(
    sandbox: Stranger, partner: Path, headers: dict[str, str], body: bytes
) -> None:
    """Both signatures verify by the page's recipe as it stands, and neither over another body."""
    example = json.loads(body)
    assert example["type"] == "cn.tanzhang.batch.settled.v1"
    [our_key, by_secret] = [code for kind, code in blocks("webhooks.md") if kind == "bash"]
    work = partner / "webhook"
    work.mkdir()
    (work / "headers").write_text(
        "".join(f"{name}: {value}\n" for name, value in headers.items()), encoding="utf-8"
    )
    (work / "platform-keys.json").write_bytes((partner / "platform-keys.json").read_bytes())
    (work / "secret").write_bytes((partner / "secret").read_bytes())
    (work / "body").write_bytes(body)
    assert "Verified Successfully" in sandbox.types(our_key, work)
    assert sandbox.types(by_secret, work) == "verified\n"
    (work / "body").write_bytes(body + b"\n")
    assert sandbox.tries(our_key, work).returncode != 0
    assert sandbox.tries(by_secret, work).stdout == ""
