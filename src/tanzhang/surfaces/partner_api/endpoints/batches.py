"""``POST /v1/events:batch`` takes a batch, ``GET /v1/batches/{batch_id}`` tells its fate."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tanzhang.apps.activities import api as activities
from tanzhang.apps.partners.api import Counts
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Algorithm, Purpose
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import schemas
from tanzhang.surfaces.partner_api.endpoints.replies import as_it_is, reply
from tanzhang.surfaces.partner_api.gate.call import call_of, note_counts
from tanzhang.surfaces.partner_api.rules import Rule

MEDIA_TYPES = (
    "application/cloudevents-batch+json",
    "application/vnd.tanzhang.batch+json",
)

router = Router(tags=["events"])
RULES = {
    ("POST", "events:batch"): Rule("events:batch", agreement="report", media_types=MEDIA_TYPES),
    ("GET", "batches/<batch_id>"): Rule("batches", agreement="report"),
}


@router.post(
    "/events:batch",
    operation_id="take_batch",
    summary="Report a batch of events",
    response=schemas.Receipt,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                media_type: {"schema": {"$ref": f"#/components/schemas/{model}"}}
                for media_type, model in zip(MEDIA_TYPES, ("Batch", "SealedBatch"), strict=True)
            },
        }
    },
)
def take_batch(request: HttpRequest) -> HttpResponse:
    """Every event gets one outcome; a bad one harms no other. The answer is the signed receipt.

    Whatever the receipt calls accepted is durable. Nothing of the batch is there if the answer is a
    refusal.
    """
    call = call_of(request)
    assert call.agreement is not None  # by the endpoint's rule
    receipt = activities.take_batch(
        call.body,
        call.sent.content_type,
        partner=call.caller.partner,
        agreement=call.agreement,
        received_us=call.received_us,
        key_id=call.caller.key_id,
        idempotency_key=call.sent.idempotency_key,
        canonical=call.canonical,
        signature=call.authorization.sig,
        until_us=call.received_us + activities.LONGEST_STAY_US,
        unwrap=partial(_unwrap, call.authorization.profile.algorithm),
        cipher=call.authorization.profile.cipher,
    )
    note_counts(request, Counts(**receipt.counts))
    return as_it_is(receipt.body)


@router.get(
    "/batches/{batch_id}",
    operation_id="batch",
    summary="A batch's receipt, and what was settled",
    response=schemas.SettledReceipt,
)
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The receipt as it was given, and each item's outcome as far as it is settled."""
    return reply(activities.batch_receipt(call_of(request).caller.partner.id, str(batch_id)))


def _unwrap(algorithm: Algorithm, key_id: str, wrapped: bytes) -> bytes:
    """The data key of a batch, wrapped for a key of ours that is in use, of this algorithm."""
    stored = key_store().key(key_id)
    if stored.public.algorithm is not algorithm:
        raise Problem("gate.algorithm_not_allowed")
    if stored.purpose is not Purpose.UNWRAP:
        raise Problem("crypto.purpose_wrong", key_id=key_id, purpose=stored.purpose.value)
    if not stored.published.is_active(datetime.now(UTC)):
        raise Problem("crypto.key_inactive", key_id=key_id)
    return stored.unwrap(wrapped)
