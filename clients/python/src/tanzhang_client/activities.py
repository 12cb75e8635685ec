"""Acts as a partner reports them, and the CloudEvents that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

REPORTED: Final = "cn.tanzhang.activity.reported.v1"
WITHDRAWN: Final = "cn.tanzhang.activity.withdrawn.v1"


@dataclass(frozen=True, slots=True)
class Activity:
    """One act 行为. ``id`` is yours and means this act for ever: sent again, it counts once.

    ``started_at`` and ``ended_at`` carry their time zone. ``inputs`` are whole numbers in the units
    of their names (``distance_m``, ``energy_wh``). A correction repeats the id with a higher
    ``revision``; so does a withdrawal, which needs nothing else.
    """

    id: str
    person: str
    scene: str
    started_at: datetime
    ended_at: datetime | None = None
    inputs: Mapping[str, int] = field(default_factory=dict)
    item_key: str | None = None
    grade: int | None = None
    revision: int = 0
    withdrawn: bool = False


def event_of(activity: Activity, partner: str) -> dict[str, Any]:
    """The act as a CloudEvent 1.0. Raises ``ValueError`` for a time without a zone."""
    data: dict[str, Any] = {"scene": activity.scene}
    if activity.ended_at is not None:
        data["ended_at"] = _instant(activity.ended_at)
    if activity.grade is not None:
        data["grade"] = activity.grade
    if activity.item_key is not None:
        data["item_key"] = activity.item_key
    if activity.inputs:
        data["inputs"] = dict(activity.inputs)
    return {
        "specversion": "1.0",
        "id": activity.id,
        "source": f"/{partner}",
        "type": WITHDRAWN if activity.withdrawn else REPORTED,
        "time": _instant(activity.started_at),
        "subject": activity.person,
        "revision": activity.revision,
        "data": data,
    }


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment.isoformat()} names no time zone; add one.")
    return moment.isoformat()
