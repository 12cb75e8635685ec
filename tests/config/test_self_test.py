"""Whatever serves, settles or opens keys asks first whether the primitives answer rightly."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.database

#: SM4-GCM that answers wrongly: every seal is of other bytes than were given.
BROKEN = (
    "import tanzhang.crypto.known_answers as answers\n"
    "answers._sm4_gcm = lambda: False\n"
    "from tanzhang.config import setup; setup()\n"
)

STARTS = {
    "web": "import tanzhang.config.wsgi",
    "worker": "from tanzhang.surfaces.cli.server import worker; worker(until_empty=True)",
    "keys": "from tanzhang.config.own_keys import key_store; key_store()",
    "personal data": (
        "from tanzhang.apps.database import bulk_transaction\n"
        "from tanzhang.apps.people.api import vault\n"
        "with bulk_transaction() as cursor: vault.put_aside(cursor, 'a', 'b')"
    ),
}


def start(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("what", STARTS)
def test_nothing_starts_on_a_primitive_that_answers_wrongly(what: str) -> None:
    done = start(BROKEN + STARTS[what])
    assert done.returncode == 1
    assert "crypto.self_test_failed" in done.stderr
    assert "SM4-GCM" in done.stderr


def test_on_sound_primitives_it_starts() -> None:
    done = start("from tanzhang.config import setup; setup()\n" + STARTS["personal data"])
    assert done.returncode == 0, done.stderr
