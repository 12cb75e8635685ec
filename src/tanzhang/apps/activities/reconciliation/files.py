"""The files that were made, for the partner that they are about and for nobody else."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tanzhang.apps.activities.models import ReconciliationFile, ReconciliationPart
from tanzhang.apps.activities.reconciliation.making import day_text
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number

MOST_LISTED: Final = 400


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as a list shows it."""

    day: str
    row_count: int
    detail_sm3: str


def day_named(text: str) -> int:
    """Days since 1970-01-01 of ``2026-11-20``. Raises ``intake.day_malformed``."""
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        raise Problem("intake.day_malformed", day=text[:20]) from None


def reconciliation_files(partner_id: int) -> list[FileLine]:
    """A partner's files, the newest first."""
    rows = (
        ReconciliationFile.objects.filter(partner_id=partner_id)
        .order_by("-day")
        .values_list("day", "row_count", "detail_sm3")[:MOST_LISTED]
    )
    return [FileLine(day_text(day), count, bytes(sm3).hex()) for day, count, sm3 in rows]


def reconciliation_statement(partner_id: int, day: str) -> bytes:
    """The signed totals of a day, byte for byte as made. Raises ``intake.file_unknown``."""
    found = (
        ReconciliationFile.objects.filter(partner_id=partner_id, day=day_named(day))
        .values_list("statement", flat=True)
        .first()
    )
    if found is None:
        raise Problem("intake.file_unknown", day=day)
    return bytes(found)


def reconciliation_detail(partner_id: int, day: str, part: int = 1) -> bytes:
    """A part of a day's lines, byte for byte as made. Raises ``intake.file_unknown``."""
    found = (
        ReconciliationPart.objects.filter(partner_id=partner_id, day=day_named(day), part=part)
        .values_list("body", flat=True)
        .first()
    )
    if found is None:
        raise Problem("intake.file_unknown", day=day)
    return zlib.decompress(bytes(found))


def totals(partner_id: int, day: str) -> dict[str, Any]:
    """The totals of a day as they were signed. Raises ``intake.file_unknown``."""
    found: dict[str, Any] = json.loads(reconciliation_statement(partner_id, day))
    return found
