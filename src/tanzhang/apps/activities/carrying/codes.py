"""The carrying code of an account: where to, written so that a typing slip is noticed.

``<installation>-<account>-<check>``: 16 hexadecimal digits of the installation's public name, 32 of
what the account is called towards others, 4 of SM3 over both.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from tanzhang.apps.people import api as people
from tanzhang.crypto import sm3
from tanzhang.problems import Problem
from tanzhang.proofs import Audience

_FORM: Final = re.compile(r"([0-9a-f]{16})-([0-9a-f]{32})-([0-9a-f]{4})")


def outside_name(account_id: int) -> bytes:
    """What an account of ours is called towards other installations, 16 bytes."""
    return hmac.digest(people.installation_secret(), b"carry\0%d" % account_id, "sm3")[:16]


def carrying_code(account_id: int) -> str:
    """The code that a citizen shows to the installation from which she carries."""
    return write_code(Audience(people.installation().id_text, outside_name(account_id)))


def write_code(audience: Audience) -> str:
    """An audience as a code."""
    head = f"{audience.installation}-{audience.account.hex()}"
    return f"{head}-{_check(head)}"


def read_code(text: str) -> Audience:
    """A code as an audience. Raises ``carrying.code_malformed``."""
    found = _FORM.fullmatch(text.strip().lower())
    if not found or found[3] != _check(f"{found[1]}-{found[2]}"):
        raise Problem("carrying.code_malformed")
    return Audience(found[1], bytes.fromhex(found[2]))


def _check(head: str) -> str:
    return sm3(head.encode()).hex()[:4]
