"""From the bytes of a batch to its events: the only place where a batch is refused as a whole."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import numpy as np

from tanzhang.engine.jsontext import Kind, Records, Tokens, records, texts, tokens
from tanzhang.problems import Problem

PLAIN: Final = "application/cloudevents-batch+json"  #: a list of events
SEALED: Final = "application/vnd.tanzhang.batch+json"  #: an object with the list and a wrapped key

MOST_BYTES: Final = 1 << 20
MOST_EVENTS: Final = 1000
DEEPEST: Final = 8

_MEMBERS: Final = ("kid", "ek", "events")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The events of a batch; the wrapped key of its sealed fields, and who can unwrap it."""

    events: Records
    kid: str | None = None
    wrapped_key: bytes | None = None


def open_envelope(body: bytes, content_type: str) -> Envelope:
    """Read a batch. Nothing is repaired: what is no batch to the letter is refused as a whole.

    Raises ``json.*``, ``intake.batch_too_large``, ``intake.content_unknown``,
    ``intake.batch_malformed``, ``intake.batch_empty`` and ``intake.too_many_events``.
    """
    if len(body) > MOST_BYTES:
        raise Problem("intake.batch_too_large", bytes=len(body), most=MOST_BYTES)
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (PLAIN, SEALED):
        raise Problem("intake.content_unknown", known=f"{PLAIN}, {SEALED}")
    found = tokens(body, DEEPEST)
    if kind == PLAIN:
        if found.kind[0] != Kind.OPEN_LIST:
            raise Problem("intake.batch_malformed")
        envelope = Envelope(records(found, 0))
    else:
        envelope = _unfold(found)
    count = len(envelope.events)
    if count == 0:
        raise Problem("intake.batch_empty")
    if count > MOST_EVENTS:
        raise Problem("intake.too_many_events", events=count, most=MOST_EVENTS)
    return envelope


def _unfold(found: Tokens) -> Envelope:
    """The form with a name for each part; ``kid`` and ``ek`` come together or not at all."""
    keys = np.flatnonzero((found.kind == Kind.KEY) & (found.container == 0))
    names = [
        found.text[a:b].decode() for a, b in zip(found.start[keys], found.end[keys], strict=True)
    ]
    places = dict(zip(names, (keys + 2).tolist(), strict=True))
    is_known = set(places) <= set(_MEMBERS) and len(places) == len(names)
    events = places.get("events")
    if found.kind[0] != Kind.OPEN_OBJECT or not is_known or events is None:
        raise Problem("intake.batch_malformed")
    if found.kind[events] != Kind.OPEN_LIST or ("kid" in places) != ("ek" in places):
        raise Problem("intake.batch_malformed")
    listed = records(found, events)
    if "kid" not in places:
        return Envelope(listed)
    kid, wrapped = texts(found, np.array([places["kid"], places["ek"]])).to_list()
    if kid is None or wrapped is None:
        raise Problem("intake.batch_malformed")
    try:
        return Envelope(listed, kid, base64.b64decode(wrapped, validate=True))
    except (binascii.Error, ValueError):
        raise Problem("intake.batch_malformed") from None
