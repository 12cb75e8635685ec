"""The evidence of a consent: which form was sent, from where, and what its button said."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import Press
from tanzhang.config.handler import privacy_contact

#: A word of ``User-Agent`` that the browsers of mini-programs have in common.
_MINI_PROGRAM = "miniprogram"


def new_press() -> str:
    """A number for a form: whatever is sent with it twice is one press."""
    return str(uuid.uuid4())


def press_of(
    request: HttpRequest, programme: str, button: str, *, from_host: bool = False
) -> Press:
    """The press of the form that was just sent; one without a number of its own gets one now."""
    try:
        number = uuid.UUID(request.POST.get("press", ""))
    except ValueError:
        number = uuid.uuid4()
    return Press(number, _channel(request, from_host=from_host), button, handler(programme))


def handler(programme: str, lang: str = "zh") -> str:
    """Who answers for the data: the programme's operator, and the person to write to."""
    operator = rulebook_in_force().programme_file(programme).operator[lang]
    contact = privacy_contact()
    return f"{operator}; {contact}" if contact else operator


def _channel(request: HttpRequest, *, from_host: bool) -> str:
    if _MINI_PROGRAM in request.headers.get("User-Agent", "").lower():
        return "mini_program"
    return "host" if from_host else "h5"
