"""Reads for whoever looks after accounts: the accounts one page at a time, and their consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanzhang.apps.people.consenting.purposes import COLLECT
from tanzhang.apps.people.models import Account, Consent
from tanzhang.apps.people.selectors import COLUMNS, AccountEntry, entry_of


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account and when it was opened."""

    account: AccountEntry
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentWindow:
    """Consent to one partner over [from_us, to_us); still open if ``to_us`` is None."""

    partner_id: int
    from_us: int
    to_us: int | None


def latest_accounts(count: int, before: int | None = None) -> list[OpenedAccount]:
    """The accounts opened last (before one of them), the youngest first."""
    found = Account.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.values_list(*COLUMNS, "opened_at")[:count]
    return [OpenedAccount(entry_of(row[:-1]), row[-1]) for row in rows]


def consents_of(account_id: int) -> list[ConsentWindow]:
    """Every consent of an account to collect, the earliest first."""
    found = Consent.objects.filter(account_id=account_id, purpose=COLLECT)
    columns = ("partner_id", "from_us", "to_us")
    return [ConsentWindow(*row) for row in found.order_by("from_us", "id").values_list(*columns)]
