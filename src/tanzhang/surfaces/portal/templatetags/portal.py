"""Words and moments in the portal's templates; ``{% load portal %}``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from tanzhang.stored_time import microseconds
from tanzhang.surfaces.look import amounts
from tanzhang.surfaces.look.templatetags import look
from tanzhang.surfaces.portal import words

register = template.Library()


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | str, form: str = "second") -> SafeString:
    """An instant of a room, or RFC 3339 text, in the programme's zone."""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return look.instant(microseconds(when), context["zone"], form)


@register.inclusion_tag("look/parts/tag.html")
def state(group: str, name: str) -> dict[str, Any]:
    """A stored name as a tag."""
    text, tone = words.word(group, name)
    return look.tag(text, tone=tone)


@register.filter
def word(name: str, group: str) -> str:
    """A stored name in words."""
    return words.word(group, name)[0]


@register.filter
def number(value: int) -> str:
    """A count with its thousands apart."""
    return amounts.counted(value)


@register.filter
def call_sentence(code: str) -> str:
    """What a call's code means."""
    return words.of_call(code)


@register.filter
def item_sentence(code: str | None) -> str:
    """What an event's code means."""
    return words.of_item(code)


@register.filter
def reason(name: str | None) -> str:
    """Why an outcome is as it is."""
    return words.of_reason(name)
