"""A receipt is canonical JSON, and its root is over lines that anybody can make again."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
from hypothesis import given, settings, strategies as st

from tanzhang.apps.activities.intake.receipt import RESULTS, Receipt, make_receipt
from tanzhang.engine.log import root

AT = datetime(2026, 11, 21, 8, 30, 0, 70, tzinfo=UTC)

ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "external_id": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
            "sm3": st.binary(min_size=32, max_size=32),
            "verdict": st.sampled_from(["accepted", "rejected"]),
            "code": st.none() | st.just("no_consent"),
            "event_key": st.none() | st.just("0f" * 16),
            "revision": st.integers(0, 9),
        }
    ),
    min_size=1,
    max_size=6,
)


def receipt(items: list[dict[str, Any]], counts: dict[str, int]) -> Receipt:
    numbered = [{"row": row, **item} for row, item in enumerate(items)]
    return make_receipt(
        pl.DataFrame(numbered, RESULTS),
        batch_id="0190a3c2-7b7e-7d00-8000-000000000000",
        partner="bikes",
        received_at=AT,
        counts=counts,
        dropped=["/data/plate"],
    )


def canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


@settings(deadline=None)
@given(ITEMS)
def test_a_receipt_is_canonical_and_its_root_is_over_its_items(items: list[Any]) -> None:
    made = receipt(items, {"accepted": 1, "held": 0})
    told = json.loads(made.body)
    assert canonical(told) == made.body
    assert [(item["id"], item["sm3"]) for item in told["items"]] == [
        (item["external_id"], item["sm3"].hex()) for item in items
    ]
    assert told["merkle_root"] == made.merkle_root.hex()
    assert root(canonical(item) for item in told["items"]) == made.merkle_root


def test_a_receipt_stays_what_it_was_to_the_byte() -> None:
    """Stored batches make their receipts again: a change here would deny what was signed."""
    item = {"verdict": "rejected", "code": "no_consent", "event_key": None, "revision": 0}
    named = item | {"external_id": 'é"/\\\n\x01\x7f\u2028🚲', "sm3": bytes(32)}
    counts = {"accepted": 0, "duplicate": 0, "conflict": 0, "rejected": 1, "held": 0}
    body = receipt([named], counts).body
    assert body.startswith(
        b'{"batch_id":"0190a3c2-7b7e-7d00-8000-000000000000","counts":{"accepted":0,"conflict":0,'
        b'"duplicate":0,"held":0,"rejected":1},"dropped":["/data/plate"],'
        b'"format":"tanzhang-batch-receipt/1","items":[{"code":"no_consent","event_key":null,'
        b'"id":"\xc3\xa9\\"/\\\\\\n\\u0001\x7f\xe2\x80\xa8\xf0\x9f\x9a\xb2","outcome":"rejected",'
        b'"sm3":"' + b"00" * 32 + b'"}],"merkle_root":"'
    )
    assert body.endswith(b'","partner":"bikes","received_at":"2026-11-21T08:30:00.000070Z"}')
    digest = hashlib.new("sm3", body).hexdigest()
    assert digest == "e7447e0a275e33d47d541114ced6ac1db47b17e35481e222ab5607f9271c7507"
