"""The shell recipe of “Sign a request” runs as it stands, and the site accepts what it makes."""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
import time
from pathlib import Path

import pytest

from surfaces.partner_api.signing import HOST, Partner
from tanzhang.crypto import PublicKey, load_private
from tanzhang.surfaces.partner_api.developers import pages

PAGE = (pages.folder() / "sign.md").read_text(encoding="utf-8")
START = (pages.folder() / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.M | re.S)


def shell(script: str, folder: Path, **variables: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-euc", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def digest(folder: Path, name: str) -> str:
    return shell(f"openssl dgst -sm3 -r {name}", folder).split()[0]


def test_the_recipe_makes_what_the_page_says(tmp_path: Path) -> None:
    shell(BLOCK.findall(PAGE)[0], tmp_path)
    assert digest(tmp_path, "body") in PAGE
    assert digest(tmp_path, "canonical") in PAGE
    key = load_private((tmp_path / "key.pem").read_text()).public
    canonical = (tmp_path / "canonical").read_bytes()
    assert key.verify(canonical, (tmp_path / "signature").read_bytes())
    (printed,) = re.findall(r"one of the many valid signatures \| `([^`]+)`", PAGE)
    assert key.verify(canonical, base64.b64decode(printed))
    assert canonical.count(b"\n") == 12


def test_the_overview_tells_how_to_find_a_key_id(tmp_path: Path) -> None:
    said = shell(BLOCK.findall(START)[0], tmp_path)
    assert said.strip() == load_private((tmp_path / "key.pem").read_text()).key_id


@pytest.mark.database
def test_a_request_by_the_recipe_is_accepted_and_its_answer_verified(
    bikes: Partner, platform_keys: dict[str, PublicKey], tmp_path: Path
) -> None:
    sign, _, verify = BLOCK.findall(PAGE)
    (tmp_path / "own.pem").write_text(bikes.key.to_pem())
    values = {
        "method": "GET",
        "path": "/v1/ping",
        "query": "",
        "host": HOST,
        "partner": "bikes",
        "key": bikes.key.key_id,
        "idempotency_key": "",
        "content_type": "",
        "ts": str(int(time.time())),
        "nonce": secrets.token_hex(16),
    }
    rest = sign[sign.index("digest=") :].replace("key.pem", "own.pem")
    shell(": > body\n" + rest, tmp_path, **values)
    header = (tmp_path / "authorization").read_text().strip()
    answer = bikes.send("GET", "/v1/ping", b"", {"Authorization": header}, values["nonce"])
    assert answer.status == 200, answer.body

    said = re.fullmatch(
        r'PCA1-SM2-SM3-RES key="(.*)",ts="(.*)",sig="(.*)"', answer.headers["Tanzhang-Signature"]
    )
    assert said
    (tmp_path / "platform.pem").write_text(platform_keys[said[1]].pem)
    (tmp_path / "answer").write_bytes(answer.body)
    told = {
        "status": "200",
        "nonce": values["nonce"],
        "request_id": answer.headers["X-Request-Id"],
        "answer_key": said[1],
        "answer_ts": said[2],
        "answer_sig": said[3],
    }
    assert "Verified" in shell(verify, tmp_path, **told)
