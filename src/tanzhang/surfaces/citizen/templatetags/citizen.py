"""What the citizen's templates ask of the installation; ``{% load citizen %}``."""

from __future__ import annotations

from django import template
from django.db import Error

from tanzhang.apps.people.api import installation

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
