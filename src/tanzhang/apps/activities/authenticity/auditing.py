"""A sample of accepted acts, looked at by people although nothing spoke against them.

So that what judging misses is estimated and not believed to be nothing. Who is chosen follows from
the act's key and a secret of the installation: nobody outside can foresee it, and nobody inside can
choose.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from typing import Final

import numpy as np

from tanzhang.apps.activities.authenticity.models import (
    AuditFinding,
    AuditPick,
    Quarantine,
    Source,
)
from tanzhang.apps.activities.holding import whereabouts
from tanzhang.apps.activities.posting.unsettled import hold
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import installation_secret, words_about
from tanzhang.engine.acts import Status
from tanzhang.engine.authenticity import Consequence
from tanzhang.engine.localtime import calendar_months
from tanzhang.problems import Problem

#: One act in so many is picked: twice the tenth of a per cent that is asked for.
ONE_IN: Final = 500

_ACCEPTED: Final = """
select event_key, subject_id, account_id, month, day, pack_id from activity
where day = %s and month = %s and outcome_no = 0 and status in (%s, %s)
"""


@dataclass(frozen=True, slots=True)
class Audit:
    """How many acts were picked and looked at, and what was found.

    ``most_missed_permille`` bounds the share of false acts among accepted ones from above, with
    about 95 % confidence: three more than were found, per act looked at.
    """

    picked: int
    looked_at: int
    missed: int

    @property
    def missed_permille(self) -> int | None:
        """Of a thousand accepted acts, about so many were false; None until one was looked at."""
        return self.missed * 1000 // self.looked_at if self.looked_at else None

    @property
    def most_missed_permille(self) -> int | None:
        """Rather fewer than so many: the rule of three, plus what was found twice."""
        return min(1000, (self.missed * 2 + 3) * 1000 // self.looked_at) if self.looked_at else None


def is_picked(secret: bytes, key: uuid.UUID) -> bool:
    """Whether an act is in the sample: the same answer for ever, foreseen by nobody."""
    drawn = hmac.digest(secret, b"audit\0" + key.bytes, "sm3")[:8]
    return int.from_bytes(drawn, "big") < 2**64 // ONE_IN


def pick_audit(day: int) -> int:
    """Pick from the accepted acts of a local day; how many are new."""
    secret = installation_secret()
    month = int(calendar_months(np.array([day]))[0])
    with bulk_transaction() as cursor:
        cursor.execute(_ACCEPTED, [day, month, int(Status.CREDITED), int(Status.LIMITED)])
        rows = [row for row in cursor.fetchall() if is_picked(secret, row[0])]
    known = set(
        AuditPick.objects.filter(event_key__in=[row[0] for row in rows]).values_list(
            "event_key", flat=True
        )
    )
    fresh = [
        AuditPick(
            event_key=key, subject_id=subject, account_id=account, month=m, day=d, pack_id=pack
        )
        for key, subject, account, m, d, pack in rows
        if key not in known
    ]
    return len(AuditPick.objects.bulk_create(fresh))


def audit_queue(count: int) -> list[AuditPick]:
    """Picked acts that nobody has looked at, the oldest first."""
    seen = AuditFinding.objects.values_list("pick_id", flat=True)
    return list(AuditPick.objects.exclude(event_key__in=seen).order_by("picked_at")[:count])


def audit_standing() -> Audit:
    """How the sample stands."""
    found = AuditFinding.objects
    return Audit(AuditPick.objects.count(), found.count(), found.filter(missed=True).count())


def note_audit(key: uuid.UUID, rules: RulesInForce, *, missed: bool, by: str, note: str) -> None:
    """Write down what a person found; an act that should not have counted is put aside.

    Raises ``authenticity.note_missing`` and ``authenticity.event_not_picked``.
    """
    if not note.strip():
        raise Problem("authenticity.note_missing")
    pick = AuditPick.objects.filter(event_key=key).first()
    place = whereabouts(key)
    if pick is None or place is None or AuditFinding.objects.filter(pick=pick).exists():
        raise Problem("authenticity.event_not_picked", event=key.hex)
    with bulk_transaction() as cursor:
        kept = words_about(cursor, pick.subject_id, note.strip())
        AuditFinding.objects.create(pick=pick, missed=missed, found_by=by, note=kept)
        if missed:
            code = next(c for c, number in rules.pack_ids.items() if number == pick.pack_id)
            edition = rules.library.on(code, pick.day)
            number = next(n for n, v in rules.versions.items() if edition and v == edition.version)
            Quarantine.objects.create(
                event_key=key,
                subject_id=pick.subject_id,
                account_id=pick.account_id,
                value=0,
                month=pick.month,
                score=0,
                pack_id=pick.pack_id,
                pack_version_id=number,
                consequence=int(Consequence.HOLD),
                source=Source.REVIEW,
                rule="review",
            )
            hold(cursor, [place])
