"""The cases in which events are taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tanzhang.workbench.conformance.caller import SEALED, written
from tanzhang.workbench.conformance.golden import Golden
from tanzhang.workbench.conformance.session import WITHDRAWN, Case, Session, items, worth

BATCH: Final = "/v1/events:batch"


def golden_cases(run: Session, golden: Sequence[Golden]) -> Iterator[Case]:
    """Every golden event, in one signed and sealed batch, to the milligram."""
    events = [run.event(each) for each in golden]
    receipt = run.post(*events, sealed=True)
    outcomes = items(receipt)
    stand = run.settled(receipt)
    for place, (each, event) in enumerate(zip(golden, events, strict=True)):
        outcome = outcomes[place] if len(outcomes) == len(events) else outcomes[0]
        told = f"{outcome}, {worth(stand.get(event['id']))}"
        amounts = " ".join(f"{name}={value}" for name, value in each.inputs.items())
        name = f"golden {each.pack} {amounts}"
        yield Case(name, f"accepted, credited {each.reduction_mg} mg", told)


def repetition_cases(run: Session, golden: Golden) -> Iterator[Case]:
    """The same again: under the same key, under another, and with other content."""
    body, key = written([run.event(golden, 1)]), f"again-{run.name}"
    first, again = (
        run.caller.call("POST", BATCH, body, signed={"idempotency_key": key}) for _ in range(2)
    )
    yield Case("the first time", "accepted", _one(items(first)))
    same = "the same bytes" if first.body == again.body else f"other bytes, {again.status}"
    yield Case("repeated under its Idempotency-Key", "the same bytes", same)
    other = written([run.event(golden, 1)])
    refused = run.caller.call("POST", BATCH, other, signed={"idempotency_key": key})
    yield Case("another batch under the same key", "IDEMPOTENCY_MISMATCH", refused.code)
    (event,) = json.loads(body)
    yield Case("repeated under another key", "duplicate same_content", _one(items(run.post(event))))
    later = {**event, "data": {**event["data"], "ended_at": _an_hour_later(event)}}
    told = _one(items(run.post(later)))
    yield Case("the same revision with other content", "conflict content_differs", told)


def revision_cases(run: Session, before: Golden, after: Golden) -> Iterator[Case]:
    """Corrected, corrected too late, withdrawn, restored."""
    event = run.event(before, 1)
    first = run.settled(run.post(event)).get(event["id"])
    yield Case("reported", f"credited {before.reduction_mg} mg", worth(first))
    inputs = {**event["data"], "inputs": dict(after.inputs)}
    for name, changes, status, reduction_mg in (
        ("corrected", {"revision": 2, "data": inputs}, "credited", after.reduction_mg),
        ("withdrawn", {"revision": 3, "type": WITHDRAWN}, "withdrawn", 0),
        ("restored", {"revision": 4}, "credited", before.reduction_mg),
    ):
        receipt = run.post(event | changes)
        told = f"{_one(items(receipt))}, {worth(run.settled(receipt).get(event['id']))}"
        yield Case(name, f"accepted, {status} {reduction_mg} mg", told)
    late = run.post(event | {"revision": 1, "data": inputs})
    yield Case("a lower revision that comes late", "accepted superseded", _one(items(late)))


def single_refusal_cases(run: Session, golden: Golden) -> Iterator[Case]:
    """Bad events beside a good one: each hears why, and none harms another."""
    tomorrow = datetime.now(UTC) + timedelta(days=3)
    good, bad = run.event(golden, 1), (
        ("a person whom nobody knows", {"subject": f"nobody-{run.name}"}, "person_unknown"),
        ("a scene that is none", {"data": {"scene": "none", "inputs": {}}}, "scene_unknown"),
        ("an act in the future", {"time": tomorrow.isoformat()}, "time_future"),
        ("an event of another partner", {"source": "/somebody-else"}, "source_foreign"),
        ("a fraction", {"data": _halved(run.event(golden)["data"])}, "number_not_whole"),
        ("another version of CloudEvents", {"specversion": "0.3"}, "specversion_unknown"),
    )  # fmt: skip
    events = [run.event(golden, 1, **changes) for _, changes, _ in bad]
    told = items(run.post(good, *events))
    yield Case("a good event among bad ones", "accepted", told[0])
    for place, (name, _, code) in enumerate(bad, 1):
        yield Case(name, f"rejected {code}", told[place] if place < len(told) else told[0])
    yield _moved_seal(run, golden)


def held_cases(run: Session, golden: Golden, hold: Callable[..., None] | None) -> Iterator[Case]:
    """An act that the operator holds takes part in nothing until it is released.

    Only the operator's own run can hold one.
    """
    if hold is None:
        return
    event = run.event(golden, 2)
    receipt = run.post(event)
    run.settled(receipt)
    key = receipt.json()["items"][0]["event_key"]
    hold(key)
    yield Case("held by the operator", "held", run.standing(event["id"], "held"))
    hold(key, release=True)
    yield Case("released by the operator", "credited", run.standing(event["id"], "credited"))


def _moved_seal(run: Session, golden: Golden) -> Case:
    """A sealed person, moved to another event, does not open."""
    batch = json.loads(run.caller.sealed([run.event(golden, 1), run.event(golden, 1)]))
    batch["events"][1]["subject"] = batch["events"][0]["subject"]
    signed = {"content_type": SEALED}
    answer = run.caller.call("POST", BATCH, written(batch), signed=signed)
    told = items(answer)
    return Case("a sealed person from another event", "rejected seal_broken", told[-1])


def _halved(data: dict[str, Any]) -> dict[str, Any]:
    name = next(iter(data["inputs"]))
    return {**data, "inputs": {**data["inputs"], name: 0.5}}


def _an_hour_later(event: dict[str, Any]) -> str:
    ended = datetime.fromisoformat(event["data"]["ended_at"]) + timedelta(hours=1)
    return ended.isoformat()


def _one(told: Sequence[str]) -> str:
    return told[0] if len(told) == 1 else ", ".join(told)
