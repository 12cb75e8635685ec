"""The way back: where a page lies."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Crumb:
    """A link to a page above."""

    title: str
    url: str


def trail(*names: str) -> tuple[Crumb, ...]:
    """The crumbs of lists by their names."""
    titles = {
        "packs": _("Methodology packs"),
        "programmes": _("Programmes"),
        "proposals": _("Proposals"),
        "partners": _("Partners"),
        "suspicions": _("Suspicions"),
        "assessments": _("Impact assessments"),
        "appeals": _("Appeals"),
        "requests": _("Rights requests"),
        "doubts": _("Acts in doubt"),
        "pieces": _("Pieces"),
        "accounts": _("Accounts"),
        "cases": _("Cases of people"),
        "ledger": _("Ledger"),
        "find": _("Search"),
    }
    return tuple(Crumb(titles[name], reverse(f"console:{name}")) for name in names)
