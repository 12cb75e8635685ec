"""Looking for a person wherever an installation keeps anything, in every form of her name."""

from __future__ import annotations

from tanzhang.workbench.scanning.running import Found, scan

__all__ = ["Found", "scan"]
