"""The shell recipe of “Files of a day” verifies a file that was made, and no other."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from surfaces.partner_api.days import files_of_today
from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.crypto import PublicKey
from tanzhang.surfaces.partner_api.developers import pages

PAGE = (pages.folder() / "reconciliation.md").read_text(encoding="utf-8")
[RECIPE] = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.M | re.S)


def recipe(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-euc", RECIPE],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.database
def test_a_file_verifies_by_the_recipe_and_a_changed_one_does_not(
    bikes: Partner, platform_keys: dict[str, PublicKey], tmp_path: Path
) -> None:
    bikes.post("/v1/events:batch", batch(event("=e1"), event("e2", subject="nobody")))
    [made] = files_of_today()
    day = made.day.isoformat()
    told = bikes.get(f"/v1/reconciliation/{day}")
    detail = bikes.get(f"/v1/reconciliation/{day}/detail")
    (tmp_path / "statement").write_bytes(told.body)
    (tmp_path / "detail").write_bytes(detail.body)
    (tmp_path / "platform.pem").write_text(platform_keys[told.json()["signature"]["key_id"]].pem)
    done = recipe(tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        "Signature Verified Successfully\ndetail belongs to statement\n",
    )
    assert b'"\'=e1"' in detail.body, "an apostrophe stands before a formula"
    assert set(told.json()) == set(re.findall(r'^  "(\w+)":', _example(), re.M))
    assert detail.body.split(b"\n")[0].replace(b'"', b"").decode().split(",") == _columns()

    (tmp_path / "statement").write_bytes(told.body.replace(b'"received":2', b'"received":3'))
    assert "Failure" in recipe(tmp_path).stdout
    (tmp_path / "statement").write_bytes(told.body)
    (tmp_path / "detail").write_bytes(detail.body + b"\n")
    assert recipe(tmp_path).stdout == "Signature Verified Successfully\n"


def _example() -> str:
    """The statement that the page shows."""
    [found] = re.findall(r'^```json\n(\{\n  "accepted".*?)^```$', PAGE, re.M | re.S)
    return str(found)


def _columns() -> list[str]:
    """The columns that the page names, in their order."""
    table = PAGE.partition("| column | meaning |")[2].partition("\n\n")[0]
    firsts = [line.split("|")[1] for line in table.splitlines()[2:]]
    return re.findall(r"`(\w+)`", " ".join(firsts))
