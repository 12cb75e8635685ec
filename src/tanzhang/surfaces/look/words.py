"""The words of states and of source marks, with the tone and icon that go beside them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

TONES = ("green", "ochre", "blue", "plum", "rust", "grey")


@dataclass(frozen=True, slots=True)
class Word:
    """What a tag says. The title explains it in a sentence."""

    label: str | Promise
    tone: str
    icon: str
    title: str | Promise


#: The six statuses of an outcome, and what comes before there is one.
STATUSES = {
    "pending": Word(
        gettext_lazy("Being settled"), "blue", "clock", gettext_lazy("Accepted; it counts shortly.")
    ),
    "credited": Word(
        gettext_lazy("Credited"), "green", "check", gettext_lazy("It counts in your account.")
    ),
    "limited": Word(
        gettext_lazy("Over the limit"),
        "plum",
        "info",
        gettext_lazy("A limit was used up, so this act adds nothing."),
    ),
    "duplicate": Word(
        gettext_lazy("Counted elsewhere"),
        "grey",
        "paper",
        gettext_lazy("The same act was already counted once."),
    ),
    "rejected": Word(
        gettext_lazy("Not counted"),
        "rust",
        "warning",
        gettext_lazy("A rule says that this act does not count."),
    ),
    "held": Word(
        gettext_lazy("On hold"),
        "blue",
        "clock",
        gettext_lazy("It does not count while it is on hold; its page says why."),
    ),
    "withdrawn": Word(
        gettext_lazy("Withdrawn"), "grey", "back", gettext_lazy("The partner took this act back.")
    ),
}

#: How well a figure is founded, as packs mark it.
SOURCE_MARKS = {
    "standard": Word(
        gettext_lazy("Standard"),
        "green",
        "shield",
        gettext_lazy("The figure stands in a published standard."),
    ),
    "published": Word(
        gettext_lazy("Published"),
        "blue",
        "check",
        gettext_lazy("Somebody responsible for the figure published it."),
    ),
    "secondary": Word(
        gettext_lazy("Second-hand"),
        "plum",
        "info",
        gettext_lazy("The figure is quoted from somebody who quotes it."),
    ),
    "assumption": Word(
        gettext_lazy("Assumption"),
        "rust",
        "warning",
        gettext_lazy("Nobody published the figure; it is assumed for now."),
    ),
}
