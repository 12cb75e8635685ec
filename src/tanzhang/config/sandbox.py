"""The sandbox: an installation of its own beside this one, for ``tanzhang --sandbox COMMAND``.

It has its own home (``sandbox`` in ours), database, keys and address. A command is sent there by
its environment alone, so nothing below knows whether it works in a sandbox. What names something of
ours is replaced by what names the sandbox's, and else unset: no log-in, key or address of ours can
slip in.
"""

from __future__ import annotations

import os
from typing import Final

from tanzhang.config import environment

#: What the sandbox has to itself, and the variable that says it there.
OWN: Final = {
    "DATABASE_URL": "SANDBOX_DATABASE_URL",
    "DATABASE_OWNER_URL": "SANDBOX_DATABASE_OWNER_URL",
    "DATABASE_AUDITOR_URL": "SANDBOX_DATABASE_AUDITOR_URL",
    "TANZHANG_SECRET_KEY": "SANDBOX_SECRET_KEY",
    "TANZHANG_ERASURES": "SANDBOX_ERASURES",
    "TANZHANG_KEYS": "SANDBOX_KEYS",
    "TANZHANG_KEYS_PASSWORD": "SANDBOX_KEYS_PASSWORD",
    "TANZHANG_LISTEN": "SANDBOX_LISTEN",
    "TANZHANG_HOSTS": "SANDBOX_HOSTS",
    "TANZHANG_ORIGINS": "SANDBOX_ORIGINS",
}


def enter() -> None:
    """Turn this process and those that it starts to the sandbox, before anything is loaded."""
    if environment.is_sandbox():
        return
    os.environ["TANZHANG_HOME"] = str(environment.home() / "sandbox")
    for ours, its_own in OWN.items():
        os.environ[ours] = os.environ.get(its_own, "")
    os.environ["TANZHANG_SANDBOX"] = "1"
