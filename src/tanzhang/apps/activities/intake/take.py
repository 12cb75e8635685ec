"""Taking a batch: decode, ask the door, and keep the batch with its receipt, in one transaction."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities import keys
from tanzhang.apps.activities.authenticity.sections import signals_read
from tanzhang.apps.activities.door import VERDICTS, Acceptance, accept, hex_keys
from tanzhang.apps.activities.intake.envelope import Envelope, open_envelope
from tanzhang.apps.activities.intake.events import Terms, read_events
from tanzhang.apps.activities.intake.kept_body import kept_body
from tanzhang.apps.activities.intake.receipt import RESULTS, make_receipt
from tanzhang.apps.activities.intake.seals import Opener
from tanzhang.apps.activities.intake.storing import Answered, Delivery, store
from tanzhang.apps.activities.intake.telling import promise_settled
from tanzhang.apps.activities.report import LONGEST_ID_CHARACTERS, blank
from tanzhang.apps.activities.suspicion.clearing import clear
from tanzhang.apps.activities.suspicion.opening import refuse_revoked
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import (
    AgreementEntry,
    PartnerEntry,
    allow_items,
    refuse_unserved,
    standing,
)
from tanzhang.apps.people.api import installation_secret
from tanzhang.crypto import Cipher
from tanzhang.engine.log.tree import sm3_of_each
from tanzhang.faults import fault_point
from tanzhang.problems import Problem
from tanzhang.stored_time import microseconds, moment_of

#: So long a batch may take from its arrival until it is kept: far less than passes before the file
#: of its day is made, so that no file misses a batch of its day.
LONGEST_STAY_US: Final = 600_000_000

#: Opens a wrapped data key by the id of the key that it was wrapped for; raises a ``Problem``.
Unwrap = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """What a partner is told of its batch: ``body`` are the bytes to sign and send."""

    batch_id: str
    body: bytes
    counts: Mapping[str, int]
    piece_ids: tuple[int, ...]


def take_batch(
    body: bytes,
    content_type: str,
    *,
    partner: PartnerEntry,
    agreement: AgreementEntry,
    received_us: int,
    key_id: str | None = None,
    idempotency_key: str | None = None,
    canonical: bytes = b"",
    signature: bytes = b"",
    unwrap: Unwrap | None = None,
    cipher: Cipher = Cipher.SM4_GCM,
    channel: str = "api",
    until_us: int | None = None,
) -> BatchReceipt:
    """Take a batch of one partner under its agreement to report.

    ``canonical`` and ``signature`` are the string that the partner signed and its signature, kept
    as evidence; ``until_us`` is the last instant at which it may be kept. When this returns, the
    batch, its receipt and all that was accepted are durable; if it raises, there is nothing of
    them. Raises ``json.*`` and ``intake.*`` for a body that is no batch,
    ``partners.items_over_quota``, what ``accept`` raises, and if it was overtaken on the way
    ``partners.key_revoked``, ``partners.partner_suspended``, ``partners.partner_closed`` or
    ``intake.too_long_on_the_way``; a bad event never raises.
    """
    envelope = open_envelope(body, content_type)
    allow_items(partner.id, len(envelope.events), agreement.items_a_day)
    rules = rulebook_in_force()
    programme = rules.programme_code(partner.programme_id)
    terms = Terms(
        partner=partner.code,
        programme=programme,
        scenes=agreement.scenes,
        grade=agreement.default_grade,
        most_grade=agreement.most_grade,
        inputs={name for pack in rules.rulebook.packs for name in rules.input_names(pack)},
        signals=signals_read(rules, programme),
    )
    events = read_events(envelope.events, terms, lambda: _opener(envelope, partner, unwrap, cipher))
    items = _with_digests(with_keys(events.items, partner), envelope)
    delivery = Delivery(
        body,
        channel,
        moment_of(received_us),
        key_id,
        idempotency_key,
        canonical,
        signature,
    )
    taken: list[Answered] = []

    def also(cursor: psycopg.Cursor[Any], acceptance: Acceptance) -> None:
        _refuse_overtaken(partner, key_id, until_us)
        secret = installation_secret()
        body = kept_body(acceptance.kept, rules, secret, partner.code)
        taken.append(keep(cursor, acceptance, partner, items, events.dropped, delivery, body))

    accept(
        events.report,
        partner=partner.code,
        programme=programme,
        received_us=received_us,
        agreed=agreement.scenes or (),
        also=also,
    )
    fault_point("intake.after_commit")
    kept = taken[0]
    return BatchReceipt(str(kept.batch_id), kept.receipt.body, kept.counts, kept.piece_ids)


def _refuse_overtaken(partner: PartnerEntry, key_id: str | None, until_us: int | None) -> None:
    """Asked inside the door: whether what let the batch through the gate still holds."""
    refuse_revoked(partner.code, key_id)
    refuse_unserved(standing(partner.id), partner.code)
    if until_us is not None and time.time_ns() // 1000 > until_us:
        raise Problem("intake.too_long_on_the_way")


def _opener(
    envelope: Envelope, partner: PartnerEntry, unwrap: Unwrap | None, cipher: Cipher
) -> Opener | str:
    """What opens the batch's sealed fields, or the fault of all of them."""
    if envelope.kid is None or envelope.wrapped_key is None:
        return "seal_key_missing"
    if unwrap is None:
        return "seal_key_unusable"
    try:
        return Opener(partner.code, unwrap(envelope.kid, envelope.wrapped_key), cipher)
    except Problem:
        return "seal_key_unusable"


def with_keys(items: pl.DataFrame, partner: PartnerEntry) -> pl.DataFrame:
    """Add the event key of every event whose id can be used, also of those that are refused."""
    usable = ~blank("external_id") & (
        pl.col("external_id").str.len_chars() <= LONGEST_ID_CHARACTERS
    )
    named = items.filter(usable)
    hi, lo = keys.event_keys(partner.code, named["external_id"], partner.id_time)
    keyed = named.select("row", key_hi=pl.Series(hi), key_lo=pl.Series(lo))
    return items.join(keyed, on="row", how="left", maintain_order="left")


def _with_digests(items: pl.DataFrame, envelope: Envelope) -> pl.DataFrame:
    digests = sm3_of_each(envelope.events.compact())
    return items.with_columns(sm3=pl.Series(digests, dtype=pl.Binary))


def keep(
    cursor: psycopg.Cursor[Any],
    acceptance: Acceptance,
    partner: PartnerEntry,
    items: pl.DataFrame,
    dropped: Sequence[str],
    delivery: Delivery,
    kept: bytes,
) -> Answered:
    """Write a batch beside what the door has written, and make its receipt.

    ``items`` has one row an event: ``row``, ``external_id``, ``revision``, ``sm3``, its event key
    and the ``code`` of what was wrong with it before the door; ``kept`` is what stays of the body.
    """
    judged = acceptance.verdicts.select("row", "verdict", door_code="code")
    joined = items.join(judged, on="row", how="left", maintain_order="left")
    results = joined.with_columns(
        event_key=hex_keys(joined),
        verdict=pl.col("verdict").fill_null("rejected"),
        code=pl.coalesce("code", "door_code"),
    ).select(pl.col(name).cast(dtype) for name, dtype in RESULTS.items())
    found = dict(results["verdict"].value_counts().iter_rows())
    counts = {name: int(found.get(name, 0)) for name in VERDICTS}
    dropped = sorted({*dropped, *acceptance.dropped})
    batch_id = _new_id(delivery.received_at)
    receipt = make_receipt(
        results,
        batch_id=str(batch_id),
        partner=partner.code,
        received_at=delivery.received_at,
        counts=counts,
        dropped=dropped,
    )
    answered = Answered(
        batch_id=batch_id,
        partner_id=partner.id,
        counts=counts,
        dropped=dropped,
        results=results,
        keys=joined.select("row", "key_hi", "key_lo").drop_nulls(),
        piece_ids=acceptance.piece_ids,
        receipt=receipt,
    )
    store(cursor, delivery, answered, kept)
    clear(cursor, partner.id, batch_id, results)
    promise_settled(cursor, partner.id, str(batch_id))
    fault_point("intake.before_commit")
    return answered


def _new_id(at: datetime) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): it begins with the milliseconds of the arrival."""
    milliseconds = microseconds(at) // 1_000
    random = secrets.randbits(74)
    number = (
        milliseconds << 80 | 7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    )
    return uuid.UUID(int=number)
