"""Who brings a one-time code to a phone. ``TANZHANG_CODES`` says which provider is in use.

=====================  ==========================================================================
``demo``               no message is sent; the code is shown on the page (demonstrations only)
``package.module:Name``  a class of the operator's own with the two members of ``CodeProvider``
unset                  ``demo`` where ``TANZHANG_DEMO`` is 1; otherwise nobody can log in by phone
=====================  ==========================================================================
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Protocol

from django.conf import settings

from tanzhang.problems import Problem


class CodeProvider(Protocol):
    """Brings a code to a phone."""

    #: Whether a phone without an account gets a message too. A message costs money and bothers
    #: people, so that only a provider which sends nothing says yes.
    reaches_strangers: bool

    def deliver(self, phone: str, code: str) -> str | None:
        """Send the code to the number; the code again if the page may show it, else None.

        Neither may be logged.
        """


class DemoProvider:
    """Sends nothing and lets the page show the code."""

    reaches_strangers = True

    def deliver(self, phone: str, code: str) -> str | None:
        """The code, for the page."""
        return code


def provider() -> CodeProvider:
    """The provider in use. Raises ``people.codes_unavailable``."""
    chosen = os.environ.get("TANZHANG_CODES", "")
    if not chosen and settings.DEMO:
        chosen = "demo"
    if chosen == "demo" and settings.DEMO:  # elsewhere it would show anybody's code to anybody
        return DemoProvider()
    module, sign, name = chosen.partition(":")
    if not sign:
        raise Problem("people.codes_unavailable")
    made: CodeProvider = getattr(import_module(module), name)()
    return made
