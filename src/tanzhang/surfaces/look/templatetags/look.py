"""Components of the pages as template tags; ``{% load look %}``.

A leaf component is a tag, so that a misspelt parameter is an error and not an empty place. What
holds other things (a card, a list, a reason that opens) is a class of the style sheet, because
Django's templates have no slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext, pgettext

from tanzhang.problems import Problem
from tanzhang.surfaces.look import amounts, charts, icons, moments, words
from tanzhang.surfaces.look.appearance import appearance_of

register = template.Library()


def _parts(name: str) -> str:
    return f"look/parts/{name}.html"


# Small things within a line


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, *, label: str = "", also: str = "") -> SafeString:
    """An icon of the sprite; silent beside a word, or with a ``label``; ``also``: more classes."""
    if name not in icons.drawn():
        raise template.TemplateSyntaxError(f"no icon is called {name!r}")
    spoken = format_html('role="img" aria-label="{}"', label) if label else _SILENT
    classes = f"icon {also}".strip()
    use = format_html('<use href="{}#{}"/>', static("look/icons.svg"), name)
    return format_html('<svg class="{}" {}>{}</svg>', classes, spoken, use)


_SILENT = mark_safe('aria-hidden="true"')


@register.simple_tag
def scene_icon(scene: str) -> SafeString:
    """The icon of a scene, on a disc."""
    return format_html('<span class="disc">{}</span>', icon(icons.of_scene(scene)))


@register.simple_tag
def amount(amount_mg: int, *, exact: bool = False, signed: bool = False) -> SafeString:
    """A mass: in g, kg or t by its size, the exact grams in its title; or exact at once."""
    whole = amounts.exact(amount_mg)
    grams = f"{whole} {_unit('g')}"
    written = amounts.Written(whole, "g") if exact else amounts.short(amount_mg)
    return format_html(
        '<data class="amount{}" value="{}" title="{}">{}{}<span class="unit">{}</span></data>',
        " below" if amount_mg < 0 else "" if amount_mg else " none",
        amount_mg,
        grams,
        "+" if signed and amount_mg > 0 else "",
        written.number,
        _unit(written.unit),
    )


@register.simple_tag
def plain_amount(amount_mg: int) -> str:
    """A mass as text alone, for places that hold no elements: ``1.23 kg``."""
    written = amounts.short(amount_mg)
    return f"{written.number} {_unit(written.unit)}"


def _unit(unit: str) -> str:
    """The unit of mass in the language of the page."""
    if unit == "g":
        return pgettext("unit of mass", "g")
    return pgettext("unit of mass", "kg") if unit == "kg" else pgettext("unit of mass", "t")


@register.simple_tag
def points(count: int, *, signed: bool = False, unit: str = "") -> SafeString:
    """Points, which are never a mass: ``12 points``, or what ``unit`` calls them."""
    return format_html(
        '<data class="points" value="{}">{}{}<span class="unit">{}</span></data>',
        count,
        "+" if signed and count > 0 else "",
        amounts.counted(count),
        unit or ngettext("point", "points", abs(count)),
    )


@register.simple_tag
def instant(instant_us: int, zone: str, form: str = "minute") -> SafeString:
    """An instant in a programme's zone; forms: time, minute, dated, second, long."""
    return format_html(
        '<time datetime="{}">{}</time>',
        moments.local(instant_us, zone).isoformat(),
        moments.instant(instant_us, zone, form),
    )


@register.simple_tag
def day(which: date, form: str = "day", *, today: date | None = None) -> SafeString:
    """A local day; forms: short, day, long, month."""
    text = moments.day(which, form, today)
    return format_html('<time datetime="{}">{}</time>', which.isoformat(), text)


# Components


@register.inclusion_tag(_parts("button"))
def button(
    label: str,
    *,
    href: str = "",
    kind: str = "",
    icon: str = "",
    wide: bool = False,
    disabled: bool = False,
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A link that looks like a button, or a form's button; kinds: main, quiet, grave."""
    _known("button", kind, ("", "main", "quiet", "grave"))
    return dict(locals())


@register.inclusion_tag(_parts("tag"))
def tag(label: str, *, tone: str = "grey", icon: str = "", title: str = "") -> dict[str, Any]:
    """A state in a word."""
    _known("tag", tone, words.TONES)
    return dict(locals())


@register.inclusion_tag(_parts("tag"))
def status(status: str) -> dict[str, Any]:
    """The state of one act: pending, or one of the six statuses of an outcome."""
    word = words.STATUSES[status]
    return {"label": word.label, "tone": word.tone, "icon": word.icon, "title": word.title}


@register.inclusion_tag(_parts("tag"))
def source_mark(kind: str) -> dict[str, Any]:
    """How well a figure is founded: standard, published, secondary or assumption."""
    word = words.SOURCE_MARKS[kind]
    return {
        "label": word.label,
        "tone": word.tone,
        "icon": word.icon,
        "title": word.title,
        "mark": kind,
    }


@register.inclusion_tag(_parts("cell"))
def cell(
    title: str,
    *,
    note: str = "",
    href: str = "",
    scene: str = "",
    icon: str = "",
    amount_mg: int | None = None,
    points: int | None = None,
    value: str = "",
    status: str = "",
    instant_us: int | None = None,
    zone: str = "",
) -> dict[str, Any]:
    """One row of a list: a record, a setting, a way onwards. Goes into ``<ul class="list">``."""
    return dict(locals())


@register.inclusion_tag(_parts("hero"))
def hero(label: str, amount_mg: int, *, note: str = "") -> dict[str, Any]:
    """The one number of a page. Goes into ``<section class="hero">``."""
    return dict(locals())


@register.inclusion_tag(_parts("stat"))
def stat(
    label: str,
    *,
    amount_mg: int | None = None,
    points: int | None = None,
    value: str | int = "",
) -> dict[str, Any]:
    """A figure with its name. Goes into ``<dl class="stats">``."""
    return dict(locals())


@register.inclusion_tag(_parts("progress"))
def progress(label: str, value: int, total: int, *, note: str = "") -> dict[str, Any]:
    """How far something is."""
    return dict(locals())


@register.inclusion_tag(_parts("empty"))
def empty(title: str, text: str, *, href: str = "", action: str = "") -> dict[str, Any]:
    """What a page says before there is anything: a sentence, a picture, a button."""
    return dict(locals())


@register.inclusion_tag(_parts("field"))
def field(bound: BoundField) -> dict[str, Any]:
    """A field of a form with its label, help and errors."""
    return {"bound": bound, "tick": isinstance(bound.field.widget, CheckboxInput)}


@register.inclusion_tag(_parts("notice"))
def notice(text: str, *, title: str = "", tone: str = "blue", code: str = "") -> dict[str, Any]:
    """A sentence that the reader should see now; tones: blue, green, ochre, rust."""
    _known("notice", tone, tuple(_NOTICE_ICONS))
    return dict(locals()) | {"icon": _NOTICE_ICONS[tone]}


@register.inclusion_tag(_parts("notice"))
def problem(refusal: Problem) -> dict[str, Any]:
    """A refusal: what, why, what now, and its code."""
    spoken = moments.language()
    rest = [refusal.part(part, spoken) for part in ("why", "now")]
    return {
        "title": refusal.part("what", spoken),
        "text": ("" if spoken == "zh" else " ").join(rest),
        "tone": "rust",
        "icon": _NOTICE_ICONS["rust"],
        "code": refusal.code,
    }


@register.filter
def notice_tone(tag: str) -> str:
    """The tone of one of Django's messages by its tag: ``success`` is green."""
    return {"success": "green", "warning": "rust", "error": "rust"}.get(tag, "blue")


_NOTICE_ICONS = {"blue": "info", "green": "check", "ochre": "star", "rust": "warning"}


@register.inclusion_tag(_parts("steps"))
def steps(titles: Sequence[str], current: int) -> dict[str, Any]:
    """The steps of a task; ``current`` counts from 1."""
    return dict(locals())


@register.inclusion_tag(_parts("timeline"))
def timeline(entries: Iterable[Any], zone: str) -> dict[str, Any]:
    """What happened, in order: entries have ``instant_us``, ``text`` and ``tone``."""
    return dict(locals())


@register.inclusion_tag(_parts("formula"))
def formula(steps: Iterable[Any]) -> dict[str, Any]:
    """A computation: steps have ``title``, ``in_words``, ``in_numbers`` and ``result``."""
    return dict(locals())


@register.inclusion_tag(_parts("skeleton"))
def skeleton(lines: int = 3) -> dict[str, Any]:
    """The shape of what is about to come."""
    return {"lines": range(lines)}


@register.inclusion_tag(_parts("tabbar"))
def tabbar(tabs: Iterable[Any], current: str) -> dict[str, Any]:
    """The bar of tabs: tabs have ``name``, ``label``, ``href`` and ``icon``."""
    return dict(locals())


@register.inclusion_tag(_parts("backbar"))
def backbar(title: str, href: str) -> dict[str, Any]:
    """The head of a page below another: the way back, and the page's title."""
    return dict(locals())


@register.inclusion_tag(_parts("menu"), takes_context=True)
def display_menu(context: template.Context) -> dict[str, Any]:
    """Language, theme and size of text."""
    request: HttpRequest | None = context.get("request")
    return {
        "appearance": appearance_of(request),
        "path": request.get_full_path() if request else "",
        "spoken": moments.language(),
    }


@register.simple_tag(takes_context=True)
def appearance(context: template.Context) -> Any:
    """What the reader chose; for ``<html>``."""
    return appearance_of(context.get("request"))


# Charts


@register.inclusion_tag(_parts("bars"))
def bars(title: str, columns: Sequence[charts.Column]) -> dict[str, Any]:
    """Grams of successive weeks, days or months as bars, the last one marked."""
    return {"title": title, "chart": charts.bars(columns)}


@register.inclusion_tag(_parts("breakdown"))
def breakdown(shares: Sequence[charts.Share]) -> dict[str, Any]:
    """Where the grams come from: a bar each, the largest full."""
    return {"lines": charts.breakdown(shares)}


@register.inclusion_tag(_parts("sparkline"))
def sparkline(title: str, amounts_mg: Sequence[int]) -> dict[str, Any]:
    """A course without figures."""
    return {"title": title, "course": charts.sparkline(amounts_mg)}


def _known(component: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise template.TemplateSyntaxError(f"{component}: {given!r} is none of {known}")
