"""What the sample bank does for every customer, whether she joined low-carbon or not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Service:
    """One function of the bank, and what it says when it is done."""

    code: str
    icon: str
    title: str
    done: str


def services() -> list[Service]:
    """The functions, in the reader's language. Nothing in them is real."""
    return [
        Service("cards", "card", gettext("Cards"), gettext("Your card is in order (fictitious).")),
        Service("bills", "bill", gettext("Bills"), gettext("Your bill is shown (fictitious).")),
        Service("payments", "payment", gettext("Payments"), gettext("It is paid (fictitious).")),
    ]
