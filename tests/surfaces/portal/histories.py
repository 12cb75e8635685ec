"""A partner that has called, has been told something, and has a day's file."""

from __future__ import annotations

from dataclasses import dataclass

from surfaces.partner_api.days import files_of_today
from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.apps.activities.api import reconciliation_files
from tanzhang.apps.partners import api as partners


@dataclass(frozen=True)
class History:
    """What there is of one partner, by the names that its pages give it."""

    partner_id: int
    key_id: str
    batch_id: str
    endpoint: int
    message: str
    day: str


def history_of(code: str) -> History:
    """A batch of two events, of which one counts and one is rejected; and a call that fails."""
    caller = Partner(code)
    number = partners.partner(code).id
    partners.add_key(number, caller.key.public)
    endpoint = partners.open_endpoint(number, f"https://{code}.example/told")
    counts, fails = (event(f"{code}-{name}", partner=code) for name in (1, 2))
    told = caller.post("/v1/events:batch", batch(counts, fails | {"subject": "nobody"}))
    caller.get("/v1/batches/00000000-0000-0000-0000-000000000000")
    files_of_today()
    return History(
        partner_id=number,
        key_id=caller.key.key_id,
        batch_id=told.json()["batch_id"],
        endpoint=endpoint.id,
        message=partners.deliveries(number)[0].message_id,
        day=reconciliation_files(number)[0].day,
    )
