"""How variables of the environment are read; ``docs/reference/configuration.md`` lists them all.

An empty variable is an unset one, so that a container's form with empty fields means the defaults.
"""

from __future__ import annotations

import os
from pathlib import Path

from tanzhang.problems import Problem

#: What means yes; everything else that is not empty and not a no is refused.
_YES = {"1", "yes", "true", "on"}
_NO = {"0", "no", "false", "off"}


def text(variable: str, default: str = "") -> str:
    """A variable's text without blanks around it, or the default."""
    return os.environ.get(variable, "").strip() or default


def home() -> Path:
    """The home directory of this installation, where it keeps what is not in the database."""
    return Path(os.environ.get("TANZHANG_HOME") or "var").resolve()


def listed(variable: str) -> list[str]:
    """The parts of a variable between its commas."""
    return [part.strip() for part in text(variable).split(",") if part.strip()]


def number(variable: str, default: int, *, least: int, most: int) -> int:
    """A whole number. Raises ``configuration.number_invalid``."""
    given = text(variable, str(default))
    if not (given.isascii() and given.isdecimal() and least <= int(given) <= most):
        raise Problem(
            "configuration.number_invalid", variable=variable, given=given, least=least, most=most
        )
    return int(given)


def switched_on(variable: str, *, default: bool = False) -> bool:
    """Whether a switch is on. Raises ``configuration.switch_invalid``."""
    given = text(variable).lower()
    if given in _YES | _NO:
        return given in _YES
    if given:
        raise Problem("configuration.switch_invalid", variable=variable, given=given)
    return default


def is_sandbox() -> bool:
    """Whether ``tanzhang --sandbox`` started this process."""
    return switched_on("TANZHANG_SANDBOX")
