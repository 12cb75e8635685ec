"""``/me/identity/``: who vouches for a person, her ways in, and her other accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import OwnAccount, own_accounts
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import (
    FACTORS,
    AccountEntry,
    CaseEntry,
    EventKind,
    IdentityEntry,
    channels_of,
    has_phone,
    identity_history,
    open_recovery,
    vault,
    vouchers,
)
from tanzhang.stored_time import microseconds
from tanzhang.surfaces.citizen.entry.channels import TITLES
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: What happened, in words that a person reads.
EVENTS: dict[EventKind, str | Promise] = {
    EventKind.VOUCHED: gettext_lazy("%(organisation)s vouched for your identity"),
    EventKind.LINKED: gettext_lazy("You linked another account of yours"),
    EventKind.UNLINKED: gettext_lazy("You took back the link to another account"),
    EventKind.NUMBER_CHANGED: gettext_lazy("You changed your phone number"),
    EventKind.NUMBER_LOST: gettext_lazy(
        "Your number was given out again and opens another account"
    ),
    EventKind.RECOVERED: gettext_lazy("You came back with a new phone"),
    EventKind.WOKE: gettext_lazy("You came back after a long time"),
    EventKind.CLOSED: gettext_lazy("You closed the account"),
    EventKind.HOST_ADDED: gettext_lazy("You let %(organisation)s open the account too"),
}

#: What happened when it was not she who did it.
BY_HOST: dict[EventKind, str | Promise] = {
    EventKind.NUMBER_CHANGED: gettext_lazy(
        "%(organisation)s told us your new phone number, which opens the account now"
    ),
}

#: By what organisations vouch.
FACTOR_TITLES: dict[str, str | Promise] = {
    "id_number": gettext_lazy("identity number"),
    "card_holder": gettext_lazy("card holder's number"),
    "adult": gettext_lazy("of age"),
}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Another account of hers."""

    own: OwnAccount
    programme: str

    @property
    def linked_us(self) -> int:
        """When it was linked, in microseconds since 1970."""
        assert self.own.linked_at is not None
        return microseconds(self.own.linked_at)

    @property
    def undo_us(self) -> int | None:
        """Until when she can take the link back."""
        until = self.own.undo_until
        return None if until is None else microseconds(until)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """That somebody says she has lost every way into the account: since when, and when it opens."""

    case: CaseEntry

    @property
    def asked_us(self) -> int:
        """When it was said, in microseconds since 1970."""
        return microseconds(self.case.opened_at)

    @property
    def opens_us(self) -> int:
        """When the waiting is over."""
        assert self.case.opens_at is not None  # a recovery waits for a time
        return microseconds(self.case.opens_at)


@require_safe
@for_citizens
def identity(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    rules, spoken = rulebook_in_force(), moments.language()
    titles = {line.id: line.title(spoken) for line in partner_lines()}
    with bulk_transaction() as cursor:
        masked = vault.masked(cursor, [account.subject_id], ["phone"])
    asked_for, vouched = open_recovery(account.id), vouchers(account.id)
    context = {
        "account": account,
        "asked_for": AskedFor(asked_for) if asked_for else None,
        "zone": zone_of(account, rules),
        "vouched": [
            (FACTOR_TITLES[factor], " · ".join(titles[number] for number in numbers))
            for factor, numbers in vouched.items()
        ],
        "has_fingerprint": any(factor in FACTORS for factor in vouched),
        "has_phone": has_phone(account.id),
        "phone": masked.get(account.subject_id, {}).get("phone", ""),
        "channels": [TITLES[channel.channel] for channel in channels_of(account.id)],
        "others": [OwnLine(own, programme_of(own.account, rules)) for own in own_accounts(account)],
        "history": [
            (_in_words(entry, titles), microseconds(entry.at))
            for entry in identity_history(account.id)
        ],
        "tabs": tabs(),
    }
    return render(request, "citizen/identity.html", context)


def _in_words(entry: IdentityEntry, titles: Mapping[int, str]) -> str:
    """What happened, and whose doing it was."""
    words = BY_HOST.get(entry.kind) if entry.by == "host" else None
    organisation = titles.get(entry.about or 0, "")
    return str(words or EVENTS[entry.kind]) % {"organisation": organisation}


def zone_of(account: AccountEntry, rules: RulesInForce) -> str:
    """The time zone of an account's programme."""
    return rules.programme(rules.programme_code(account.programme_id)).time_zone


def programme_of(account: AccountEntry, rules: RulesInForce) -> str:
    """What people call an account's programme."""
    code = rules.programme_code(account.programme_id)
    return rules.programme_file(code).title[moments.language()]
