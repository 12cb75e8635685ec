"""One run of the kit: what it sends about whom and when, and how it waits for what comes of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tanzhang.workbench.conformance.caller import SEALED, Answer, Caller, written
from tanzhang.workbench.conformance.golden import Golden

REPORTED: Final = "cn.tanzhang.activity.reported.v1"
WITHDRAWN: Final = "cn.tanzhang.activity.withdrawn.v1"

#: Acts of a run lie on days of their own within so many days before today, so that no limit of a
#: day and no earlier run meets them.
DAYS: Final = 600

SETTLED_S: Final = 60.0
PAUSE_S: Final = 0.2

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What was expected, and what came."""

    name: str
    expected: str
    got: str

    @property
    def ok(self) -> bool:
        """Whether it is the same."""
        return self.expected == self.got


@dataclass
class Session:
    """``persons`` are the partner's own names of citizens; ``scenes`` name the scene of a pack."""

    caller: Caller
    persons: Sequence[str]
    scenes: Mapping[str, str]
    name: str = field(default_factory=lambda: secrets.token_hex(6))
    _days: list[int] = field(default_factory=lambda: _shuffled(DAYS))
    _events: int = 0

    def event(self, golden: Golden, person: int = 0, **changes: Any) -> Event:
        """A report of a golden event on a day of its own; ``changes`` replace its members."""
        self._events += 1
        day = datetime.now(UTC).replace(microsecond=0) - timedelta(days=self._days.pop())
        began = day.replace(hour=secrets.randbelow(12), minute=secrets.randbelow(60))
        data: Event = {
            "scene": self.scenes[golden.pack],
            "ended_at": _text(began + timedelta(minutes=golden.minutes)),
            "inputs": dict(golden.inputs),
        }
        if golden.item:
            data["item_key"] = f"item-{self.name}-{self._events}"
        return {
            "specversion": "1.0",
            "id": f"conformance-{self.name}-{self._events}",
            "source": f"/{self.caller.partner}",
            "type": REPORTED,
            "time": _text(began),
            "subject": self.persons[person % len(self.persons)],
            "data": data,
        } | changes

    def post(self, *events: Event, sealed: bool = False, **how: Any) -> Answer:
        """Send a batch."""
        if not sealed:
            return self.caller.call("POST", "/v1/events:batch", written(events), **how)
        signed = {"content_type": SEALED, **how.pop("signed", {})}
        body = self.caller.sealed(events)
        return self.caller.call("POST", "/v1/events:batch", body, signed=signed, **how)

    def settled(self, receipt: Answer) -> dict[str, Event]:
        """How the events of a batch stand, by id, once all are settled or a minute is over."""
        path = f"/v1/batches/{receipt.json().get('batch_id', '-')}"
        deadline = time.monotonic() + SETTLED_S
        while True:
            found = self.caller.call("GET", path).json().get("settled", {})
            if found.get("complete") or time.monotonic() > deadline:
                return {item["id"]: item for item in found.get("items", [])}
            time.sleep(PAUSE_S)

    def standing(self, event_id: str, wanted: str) -> str:
        """The status of one event once it is the wanted one; the one after a minute."""
        deadline = time.monotonic() + SETTLED_S
        while True:
            found = self.caller.call("GET", f"/v1/events/{event_id}").json().get("outcome") or {}
            if found.get("status") == wanted or time.monotonic() > deadline:
                return str(found.get("status"))
            time.sleep(PAUSE_S)


def items(answer: Answer) -> list[str]:
    """``accepted``, ``rejected scene_unknown`` … for each event; the code of a refused batch."""
    found = answer.json()
    if not isinstance(found, dict) or "items" not in found:
        return [answer.code]
    return [" ".join(filter(None, (i["outcome"], i["code"]))) for i in found["items"]]


def worth(item: Event | None) -> str:
    """``credited 467000 mg``."""
    return "nothing" if item is None else f"{item['status']} {item['reduction_mg']} mg"


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _shuffled(days: int) -> list[int]:
    found = list(range(2, days))
    secrets.SystemRandom().shuffle(found)
    return found
