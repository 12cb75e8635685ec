"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.ledger.books import Book, add_to_balances, add_to_lots, issue, read_books
from tanzhang.apps.ledger.log import SettledPiece, append_positions
from tanzhang.apps.ledger.models import Unit
from tanzhang.apps.ledger.selectors import balance_of

__all__ = [
    "Book",
    "SettledPiece",
    "Unit",
    "add_to_balances",
    "add_to_lots",
    "append_positions",
    "balance_of",
    "issue",
    "read_books",
]
