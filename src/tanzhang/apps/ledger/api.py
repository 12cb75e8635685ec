"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.ledger.books import Book, add_to_balances, add_to_lots, issue, read_books
from tanzhang.apps.ledger.log import SettledPiece, append_positions
from tanzhang.apps.ledger.models import Unit
from tanzhang.apps.ledger.reading import Issued, LogLine, issued, log_line, log_lines
from tanzhang.apps.ledger.selectors import balance_of

__all__ = [
    "Book",
    "Issued",
    "LogLine",
    "SettledPiece",
    "Unit",
    "add_to_balances",
    "add_to_lots",
    "append_positions",
    "balance_of",
    "issue",
    "issued",
    "log_line",
    "log_lines",
    "read_books",
]
