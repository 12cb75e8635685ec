"""Handles that are drawn: nothing about anybody can be read from one."""

from __future__ import annotations

import secrets
from typing import Final

#: Letters and digits of handles: none that is mistaken for another when read aloud or typed.
SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def drawn_handle(programme: str) -> str:
    """``citic-7k3m-9x2q-4v8d``."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))
    return "-".join((programme, *groups))
