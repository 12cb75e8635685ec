"""Instants and days as people of a place write them, by Babel, in the language of the page.

An instant is whole microseconds UTC, as everywhere in this house, and is shown in a programme's
own time zone; nobody's browser decides what day it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from django.utils.translation import get_language, gettext

from tanzhang.stored_time import moment_of

#: form -> pattern by language, in the notation of Unicode's locale data.
INSTANTS = {
    "time": {"zh": "HH:mm", "en": "HH:mm"},
    "minute": {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"},
    "dated": {"zh": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"},
    "second": {"zh": "y年M月d日 HH:mm:ss", "en": "d MMM y, HH:mm:ss"},
    "long": {"zh": "y年M月d日 EEEE HH:mm", "en": "EEEE d MMMM y, HH:mm"},
}
DAYS = {
    "short": {"zh": "M月d日", "en": "d MMM"},
    "day": {"zh": "M月d日 EEEE", "en": "EEEE d MMMM"},
    "long": {"zh": "y年M月d日", "en": "d MMMM y"},
    "month": {"zh": "y年M月", "en": "MMMM y"},
}
_LOCALES = {"zh": Locale("zh", script="Hans"), "en": Locale("en", "GB")}


def language() -> str:
    """The language of the page: ``zh`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def local(instant_us: int, zone: str) -> datetime:
    """The local date and time of an instant."""
    return moment_of(instant_us).astimezone(ZoneInfo(zone))


def instant(instant_us: int, zone: str, form: str = "minute") -> str:
    """An instant in a zone; ``form`` is a key of ``INSTANTS``."""
    spoken = language()
    pattern = INSTANTS[form][spoken]
    return format_datetime(local(instant_us, zone), pattern, locale=_LOCALES[spoken])


def day(which: date, form: str = "day", today: date | None = None) -> str:
    """A local day; ``form`` is a key of ``DAYS``. With ``today``, nearby days are named first."""
    spoken = language()
    written = format_date(which, DAYS[form][spoken], locale=_LOCALES[spoken])
    if today is not None and today - which == timedelta(0):
        return gettext("Today, %(day)s") % {"day": written}
    if today is not None and today - which == timedelta(days=1):
        return gettext("Yesterday, %(day)s") % {"day": written}
    return written
