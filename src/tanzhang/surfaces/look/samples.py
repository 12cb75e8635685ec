"""What the style page shows: every component with made-up content in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from tanzhang.problems import Problem
from tanzhang.surfaces.look.charts import Column, Share
from tanzhang.surfaces.look.icons import drawn
from tanzhang.surfaces.look.words import SOURCE_MARKS, STATUSES

ZONE = "Asia/Shanghai"
MORNING_US = 1_789_689_600_000_000  #: 2026-09-18 08:00 in Shanghai
MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the sample bar."""

    name: str
    label: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the sample timeline."""

    instant_us: int
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sample computation."""

    title: str
    in_words: str
    in_numbers: str
    result: str


class SampleForm(forms.Form):
    """Fields in their states; bound with faults it shows its errors."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        help_text=gettext_lazy("We send a code to this number."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "tel"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        min_length=6,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read this and agree."))


def samples() -> dict[str, Any]:
    """The context of the style page."""
    return {
        "zone": ZONE,
        "day": date(2026, 9, 18),
        "morning_us": MORNING_US,
        "tabs": _tabs(),
        "statuses": list(STATUSES),
        "marks": list(SOURCE_MARKS),
        "colours": _COLOURS,
        "icons": sorted(drawn()),
        "sizes_mg": (5, 24_000, 112_010, 1_234_567, 43_210_000, 4_321_000_000, -24_000, 0),
        "refusal": Problem("packs.zero_divisor", pack="meituan-bike"),
        "form": SampleForm(),
        "faulty_form": SampleForm({"phone": "", "code": "12"}),
        "steps": [gettext("Phone"), gettext("Consent"), gettext("Ready")],
        "timeline": _timeline(),
        "formula": _formula(),
        "columns": _columns(),
        "shares": _shares(),
        "course_mg": [3, 5, 4, 8, 6, 9, 12],
    }


_COLOURS = (
    ("green", "green-wash"),
    ("ochre", "ochre-wash"),
    ("blue", "blue-wash"),
    ("plum", "plum-wash"),
    ("rust", "rust-wash"),
    ("grey", "grey-wash"),
)


def _tabs() -> list[Tab]:
    return [
        Tab("home", gettext("Home"), "#home", "home"),
        Tab("records", gettext("Records"), "#records", "records"),
        Tab("rewards", gettext("Rewards"), "#rewards", "gift"),
        Tab("me", gettext("Me"), "#me", "me"),
    ]


def _timeline() -> list[Entry]:
    return [
        Entry(MORNING_US, gettext("The metro reported the ride."), "blue"),
        Entry(MORNING_US + MINUTE_US, gettext("It was settled and credited."), "green"),
        Entry(
            MORNING_US + 90 * MINUTE_US,
            gettext("The partner corrected the distance; the amount followed."),
            "",
        ),
    ]


def _formula() -> list[Step]:
    distance, per_km = gettext("Distance"), gettext("reduction per kilometre")
    return [
        Step(distance, "", "", gettext("2.3 km")),
        Step(
            gettext("Reduction"),
            f"{distance} × {per_km}",
            gettext("2.3 km × 48.70 g/km"),
            gettext("112.01 g"),
        ),
    ]


def _columns() -> list[Column]:
    weeks = [("8-03", 1_340), ("8-10", 2_110), ("8-17", 1_020), ("8-24", 2_680)]
    weeks += [("8-31", 1_910), ("9-07", 3_050), ("9-14", 1_480)]
    return [Column(label, grams * 1_000) for label, grams in weeks]


def _shares() -> list[Share]:
    return [
        Share(gettext("Metro"), 6_820_000, "metro", "#metro"),
        Share(gettext("Shared bike"), 3_410_250, "shared-bike"),
        Share(gettext("Electronic statement"), 120_000, "e-bill"),
    ]
