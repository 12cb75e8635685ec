"""Reads over the books: what was issued, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from tanzhang.apps.ledger.models import LogEntry, SourceBalance, Unit


@dataclass(frozen=True, slots=True)
class Issued:
    """What one programme has given out: the other side of its accounts' balances.

    ``points`` are by their unit (``Unit``), because points of two units are never added.
    """

    programme_id: int
    reduction_mg: int
    points: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A place in the log; ``leaf_root`` in hexadecimal."""

    position: int
    piece_id: int
    logged_at: datetime
    leaf_count: int
    leaf_version: int
    leaf_root: str


def issued() -> list[Issued]:
    """What every programme has given out, from the few rows of its issuing side."""
    sums = SourceBalance.objects.values_list("programme_id", "unit").annotate(Sum("amount"))
    given = {(programme, unit): -amount for programme, unit, amount in sums}
    programmes = sorted({programme for programme, _ in given})
    return [
        Issued(
            programme,
            given.get((programme, int(Unit.REDUCTION_MG)), 0),
            {
                unit: amount
                for (known, unit), amount in sorted(given.items())
                if known == programme and unit != Unit.REDUCTION_MG
            },
        )
        for programme in programmes
    ]


def log_lines(count: int, before: int | None = None) -> list[LogLine]:
    """The latest places (before one of them), the youngest first."""
    found = LogEntry.objects.order_by("-position")
    if before is not None:
        found = found.filter(position__lt=before)
    return [_line(entry) for entry in found[:count]]


def log_line(position: int) -> LogLine | None:
    """One place in the log."""
    entry = LogEntry.objects.filter(position=position).first()
    return None if entry is None else _line(entry)


def _line(entry: LogEntry) -> LogLine:
    return LogLine(
        position=entry.position,
        piece_id=entry.piece_id,
        logged_at=entry.logged_at,
        leaf_count=entry.leaf_count,
        leaf_version=entry.leaf_version,
        leaf_root=bytes(entry.leaf_root).hex(),
    )
