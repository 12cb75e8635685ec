"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.activities.door import VERDICTS, Acceptance, accept
from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.pieces import ITEM, read_piece
from tanzhang.apps.activities.report import REPORT

__all__ = [
    "ITEM",
    "REPORT",
    "VERDICTS",
    "Acceptance",
    "accept",
    "append_positions",
    "read_piece",
]
