"""What the citizen's templates ask of the installation; ``{% load citizen %}``."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def is_demonstration() -> bool:
    """Whether everybody on these pages is fictitious, and the page has to say so."""
    return bool(settings.DEMO)
