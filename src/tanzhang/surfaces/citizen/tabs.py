"""The bar of tabs that every screen of an account has."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab."""

    name: str
    label: str
    href: str
    icon: str


def tabs() -> list[Tab]:
    """Home, records, me."""
    return [
        Tab("home", gettext("Home"), reverse("citizen:home"), "home"),
        Tab("records", gettext("Records"), reverse("citizen:records"), "records"),
        Tab("me", gettext("Me"), reverse("citizen:me"), "me"),
    ]
