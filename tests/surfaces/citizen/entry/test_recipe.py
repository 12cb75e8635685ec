"""The shell recipe of “Embed” runs as it stands, and its link opens an account."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from surfaces.citizen.browser import bank_ready, browser
from surfaces.citizen.entry.ways import account_of
from tanzhang.apps.partners.api import add_key, partner
from tanzhang.crypto import load_public
from tanzhang.surfaces.partner_api.developers import pages

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PAGE = (pages.folder() / "embed.md").read_text(encoding="utf-8")
MAKE_KEY = """
openssl genpkey -algorithm SM2 -out key.pem
openssl pkey -in key.pem -pubout -out public.pem
"""


def shell(script: str, folder: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-euc", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_link_made_by_the_openssl_command_opens_an_account(tmp_path: Path) -> None:
    shell(MAKE_KEY, tmp_path)
    bank_ready()
    add_key(partner("bank").id, load_public((tmp_path / "public.pem").read_text("ascii")))
    (recipe,) = (
        block
        for block in re.findall(r"^```bash\n(.*?)^```$", PAGE, re.M | re.S)
        if "ENTRY" in block
    )
    here = recipe.replace("carbon.example", "testserver").replace("customer-7", "gil")
    assert here != recipe
    shell(here, tmp_path)
    link = urlsplit((tmp_path / "link").read_text("ascii").strip())
    assert (link.scheme, link.netloc, link.path) == ("https", "testserver", "/enter/")
    visitor = browser()
    page = visitor.opens("/enter/", **dict(parse_qsl(link.query)))
    assert visitor.goes_on(page).location == "/home/"
    assert account_of(visitor) == "river-gil"
