"""Words and figures in the console's templates."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tanzhang.engine.packs import Text
from tanzhang.surfaces.console.times import day as day_of
from tanzhang.surfaces.console.words import COLOURS, word_of

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    """A count or an amount with its thousands apart: ``1,234,567``."""
    return "–" if value is None else f"{value:,}"


@register.filter
def span(seconds: float) -> str:
    """How long something took or has waited, in the unit that says it shortest."""
    if seconds < 10:
        return _("%(count)s seconds") % {"count": f"{seconds:.1f}"}
    for unit_s, most_s, text in (
        (1, 120, _("%(count)s seconds")),
        (60, 7200, _("%(count)s minutes")),
        (3600, 172_800, _("%(count)s hours")),
    ):
        if seconds < most_s:
            return text % {"count": int(seconds // unit_s)}
    return _("%(count)s days") % {"count": int(seconds // 86_400)}


@register.filter
def permille(value: int | None) -> str:
    """Of a thousand, as a percentage: ``99.3 %``."""
    return "–" if value is None else f"{value // 10}.{value % 10} %"


@register.filter(name="in")
def in_language(text: Text, lang: str) -> str:
    """A text of the catalogue in ``zh`` or ``en``."""
    return text[lang]


@register.filter
def word(value: str, group: str) -> str:
    """A stored name in the reader's words."""
    return word_of(group, value)


@register.filter
def tag(value: str) -> SafeString:
    """A status as a small coloured label; the word says it, the colour only repeats it."""
    colour = COLOURS.get(value, "")
    return format_html('<span class="tz-tag {}">{}</span>', colour, word_of("tag", value))


@register.filter
def day(number: int) -> date | None:
    """A stored day as a date."""
    return day_of(number)
