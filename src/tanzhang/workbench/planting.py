"""A person who does not exist, with an account, acts, a receipt and words: to test what is kept.

She is brought in as real people are: a host vouches for her, partners report her acts in batches,
a worker settles them. Whoever plants her knows her name and phone, and can look for them anywhere.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import (
    AgreementEntry,
    AgreementKind,
    Terms,
    agree,
    agreement,
    partner as partner_by_code,
)
from tanzhang.apps.people import api as people
from tanzhang.config.database import home
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import sm3
from tanzhang.problems import Problem
from tanzhang.stored_time import DAY_US, day_number
from tanzhang.workbench.planted_words import write_about

PROGRAMME: Final = "citic"
HOST: Final = "bank"

#: She joined so long ago, and acted once a day from the next day on.
DAYS: Final = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of act: who reports it, with which inputs, how long it takes."""

    partner: str
    scene: str
    inputs: Mapping[str, int]
    minutes: int = 0
    has_item: bool = False


_METRO: Final = Kind("metro-demo", "metro", {"mode": 0, "distance_m": 9_400}, 28)
_BUS: Final = Kind("bus-demo", "bus", {"mode": 1, "distance_m": 5_200}, 25)
_BIKE: Final = Kind("bike-demo", "shared-bike", {"distance_m": 2_300}, 12)
_MEAL: Final = Kind("takeaway-demo", "take-away", {"orders": 1}, has_item=True)
_BILL: Final = Kind("bank", "e-bill", {"count": 1}, has_item=True)

ACTS: Final = (
    *(_METRO, _BIKE, _BUS, _METRO, _MEAL, _BIKE),
    *(_BUS, _METRO, _BILL, _BIKE, _MEAL, _METRO),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """What stands in the books now. ``references`` are the partners' own names of her."""

    account: str
    acts: int
    reduction_mg: int
    points: int
    references: Mapping[str, str]
    receipt: Path


def plant(name: str, phone: str) -> Planted:
    """Bring the person in. Raises ``people.installation_live``, ``people.phone_malformed``."""
    if not people.installation().is_fictitious:
        raise Problem("people.installation_live")
    codes = sorted({HOST, *(act.partner for act in ACTS)})
    references = {code: reference(code, name, phone) for code in codes}
    joined_us = time.time_ns() // 1000 - DAYS * DAY_US
    account, is_new = _opened(references, phone, joined_us)
    _keep_fields(account, {"name": name, "phone": phone})
    taken = sum(_report(code, references[code], joined_us) for code in codes)
    activities.drain()
    found = activities.statement(account, rulebook_in_force())
    credited = next(line.event for line in found.events if line.status == "credited")
    if is_new:
        write_about(account, PROGRAMME, credited, name=name, phone=phone)
    return Planted(
        account=account.handle,
        acts=taken,
        reduction_mg=found.reduction_mg,
        points=found.points,
        references=references,
        receipt=_receipt(account, credited),
    )


def reference(partner: str, name: str, phone: str) -> str:
    """How a partner names the person: the same each time, and guessed back by nobody."""
    return f"p-{sm3(f'{partner}|{name}|{phone}'.encode()).hex()[:20]}"


def _opened(
    references: Mapping[str, str], phone: str, at_us: int
) -> tuple[people.AccountEntry, bool]:
    """Her account, with every partner's link and consent, and whether it is new."""
    secret, rules = people.installation_secret(), rulebook_in_force()
    zone = ZoneInfo(rules.programme(PROGRAMME).time_zone)
    joined = datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(zone).date()
    opening = people.Opening(
        programme=PROGRAMME,
        programme_id=rules.programme_ids[PROGRAMME],
        host_id=partner_by_code(HOST).id,
        refs={
            partner_by_code(code).id: people.person_refs(secret, code, [ref])[0]
            for code, ref in references.items()
        },
        text_id=people.current_wording().id,
        at_us=at_us,
        joined_day=day_number(joined),
        phone=phone,
    )
    return people.open_account(opening)


def _keep_fields(account: people.AccountEntry, fields: Mapping[str, str]) -> None:
    """Put her name and phone where personal data are kept."""
    with bulk_transaction() as cursor:
        people.vault.store(cursor, account.subject_id, fields)


def _report(code: str, person: str, joined_us: int) -> int:
    """Send one partner's acts as one batch; how many were accepted."""
    events = [
        _event(act, person, joined_us + (day + 1) * DAY_US)
        for day, act in enumerate(ACTS)
        if act.partner == code
    ]
    if not events:
        return 0
    receipt = activities.take_batch(
        json.dumps(events, ensure_ascii=False).encode(),
        "application/cloudevents-batch+json",
        partner=partner_by_code(code),
        agreement=_agreement(code),
        received_us=time.time_ns() // 1000,
    )
    return receipt.counts["accepted"]


def _event(act: Kind, person: str, around_us: int) -> dict[str, Any]:
    began = datetime.fromtimestamp(around_us // 1_000_000, UTC)
    data: dict[str, Any] = {
        "scene": act.scene,
        "ended_at": _text(began + timedelta(minutes=act.minutes)),
        "inputs": dict(act.inputs),
    }
    if act.has_item:
        data["item_key"] = f"thing-{secrets.token_hex(8)}"
    return {
        "specversion": "1.0",
        "id": f"{began:%Y%m%d}-{person}-{secrets.token_hex(6)}",
        "source": f"/{act.partner}",
        "type": "cn.tanzhang.activity.reported.v1",
        "time": _text(began),
        "subject": person,
        "data": data,
    }


def _agreement(code: str) -> AgreementEntry:
    """The partner's agreement to report; made if this demonstration has none."""
    number = partner_by_code(code).id
    try:
        return agreement(number, AgreementKind.REPORT)
    except Problem:
        agree(number, Terms(AgreementKind.REPORT), by="planted person")
    return agreement(number, AgreementKind.REPORT)


def _receipt(account: people.AccountEntry, event: str) -> Path:
    """The receipt of one of her acts, in a file of the home as she would carry it away."""
    evidence = activities.Evidence(rulebook_in_force(), key_store())
    document = activities.act_receipt(account, event, evidence)
    file = home() / "planted" / f"{account.handle}.receipt.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
