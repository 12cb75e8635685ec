"""What the citizen's templates ask of the installation; ``{% load citizen %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import Error

from tanzhang.apps.people.api import installation
from tanzhang.surfaces.citizen.features import has_cohorts, hidden_for
from tanzhang.surfaces.citizen.visitor import account_of

register = template.Library()


@register.simple_tag
def is_demonstration() -> bool:
    """Whether everybody on these pages is fictitious, and the page has to say so.

    The page that says that the database is gone is shown too; it does not say.
    """
    try:
        return installation().is_fictitious
    except Error:
        return False


@register.simple_tag(takes_context=True)
def sees(context: dict[str, Any], page: str) -> bool:
    """Whether whoever is logged in sees a page (``words.PAGES``) that some may see first."""
    account = account_of(context["request"])
    return account is not None and page not in hidden_for(account).pages


@register.simple_tag(takes_context=True)
def can_try(context: dict[str, Any]) -> bool:
    """Whether the programme of whoever is logged in has something to try first."""
    account = account_of(context["request"])
    return account is not None and has_cohorts(account)
