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
def seconds(value: float) -> str:
    """A short duration: ``0.4 s``."""
    return _("%(seconds)s s") % {"seconds": f"{value:.1f}"}


@register.filter
def span(value: int) -> str:
    """How long something has waited, in the unit that says it shortest."""
    if value < 120:
        return _("%(count)s seconds") % {"count": value}
    if value < 7200:
        return _("%(count)s minutes") % {"count": value // 60}
    if value < 172_800:
        return _("%(count)s hours") % {"count": value // 3600}
    return _("%(count)s days") % {"count": value // 86_400}


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
