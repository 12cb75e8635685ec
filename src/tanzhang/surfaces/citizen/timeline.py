"""How an act came to stand as it does, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from tanzhang.apps.activities.api import Change, heading
from tanzhang.surfaces.look.amounts import exact
from tanzhang.surfaces.look.words import STATUSES


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    instant_us: int
    text: str
    tone: str


def entries(changes: Iterable[Change]) -> list[Entry]:
    """One line for each outcome that was posted."""
    return [Entry(change.posted_us, _text(change), _tone(change)) for change in changes]


def _text(change: Change) -> str:
    details = {
        "cause": change.cause,
        "status": STATUSES[change.status].label,
        "grams": f"{'+' if change.reduction_mg >= 0 else ''}{exact(change.reduction_mg)}",
        "points": f"{change.points:+}",
    }
    return heading(gettext("%(cause)s: %(status)s, %(grams)s g, %(points)s points") % details)


def _tone(change: Change) -> str:
    if change.reduction_mg < 0:
        return "rust"
    return "green" if change.status == "credited" else "blue"
