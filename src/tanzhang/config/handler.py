"""Whom citizens write to about their data: ``TANZHANG_PRIVACY_CONTACT``.

The organisation itself is the operator that a programme's file names; its responsible person
(个人信息保护负责人) and the way to reach her differ from one installation to the next.
"""

from __future__ import annotations

from tanzhang.config import environment


def privacy_contact() -> str:
    """The responsible person and how to reach her, as it is shown; empty where nobody is named."""
    return environment.text("TANZHANG_PRIVACY_CONTACT")
