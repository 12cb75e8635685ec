"""Whom citizens write to is what the installation says."""

from __future__ import annotations

import pytest

from tanzhang.config.handler import privacy_contact


def test_nobody_is_named_unless_the_installation_names_somebody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TANZHANG_PRIVACY_CONTACT", raising=False)
    assert privacy_contact() == ""
    monkeypatch.setenv("TANZHANG_PRIVACY_CONTACT", "隐私专员 privacy@example.org")
    assert privacy_contact() == "隐私专员 privacy@example.org"
