"""Who brings a one-time code to a phone. ``TANZHANG_CODES`` says which provider is in use.

=======================  =========================================================================
``package.module:Name``  a class of the operator's own with what ``CodeProvider`` asks for
``demo``                 nobody: the page shows the code; not where people are real
unset                    ``demo`` where nobody is real; otherwise nobody can log in by phone
=======================  =========================================================================
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Protocol

from tanzhang.apps.people.installation import installation
from tanzhang.problems import Problem


class CodeProvider(Protocol):
    """Brings a code to a phone."""

    def deliver(self, phone: str, code: str) -> None:
        """Send the code to the number, which has an account. Neither may be logged.

        Called in a thread of its own, after whoever asked was answered.
        """


def provider() -> CodeProvider | None:
    """The provider in use; None where the page shows the code.

    Raises ``people.codes_unavailable``, and whatever loading the operator's class raises.
    """
    chosen = os.environ.get("TANZHANG_CODES", "")
    if chosen in ("", "demo") and installation().is_fictitious:
        return None  # elsewhere it would show anybody's code to anybody
    module, sign, name = chosen.partition(":")
    if not sign:
        raise Problem("people.codes_unavailable")
    made: CodeProvider = getattr(import_module(module), name)()
    return made


def codes_are_shown() -> bool:
    """Whether codes stand on the page. Raises what ``provider`` raises."""
    return provider() is None
