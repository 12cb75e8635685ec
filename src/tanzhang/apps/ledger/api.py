"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.ledger.books import Book, add_to_balances, add_to_lots, issue, read_books
from tanzhang.apps.ledger.checks import altered_roots
from tanzhang.apps.ledger.log import SettledPiece, append_positions
from tanzhang.apps.ledger.models import Unit
from tanzhang.apps.ledger.proofs import (
    Inclusion,
    SharedInclusion,
    consistency,
    inclusion,
    shared_inclusion,
)
from tanzhang.apps.ledger.publishing import write_root_files
from tanzhang.apps.ledger.reading import Issued, LogLine, issued, log_line, log_lines
from tanzhang.apps.ledger.roots import (
    RootEntry,
    latest_root,
    latest_roots,
    publish_root,
    root_of_size,
)
from tanzhang.apps.ledger.selectors import balance_of

__all__ = [
    "Book",
    "Inclusion",
    "Issued",
    "LogLine",
    "RootEntry",
    "SettledPiece",
    "SharedInclusion",
    "Unit",
    "add_to_balances",
    "add_to_lots",
    "altered_roots",
    "append_positions",
    "balance_of",
    "consistency",
    "inclusion",
    "issue",
    "issued",
    "latest_root",
    "latest_roots",
    "log_line",
    "log_lines",
    "publish_root",
    "read_books",
    "root_of_size",
    "shared_inclusion",
    "write_root_files",
]
