"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.activities.pieces import ITEM, read_piece

__all__ = ["ITEM", "read_piece"]
