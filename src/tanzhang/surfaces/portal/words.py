"""Stored names in the reader's words, with the tone that repeats them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tanzhang.apps.activities.api import reason_sentence
from tanzhang.apps.partners.api import SERVED
from tanzhang.problems import sentences
from tanzhang.surfaces.look import moments
from tanzhang.surfaces.partner_api.codes import CODES, sentences_of

#: Group -> stored name -> (word, tone).
WORDS: dict[str, dict[str, tuple[str | Promise, str]]] = {
    "standing": {
        "active": (_("Served"), "green"),
        "suspended": (_("Suspended"), "rust"),
        "closed": (_("Closed"), "grey"),
    },
    "state": {
        "live": (pgettext_lazy("state", "In force"), "green"),
        "announced": (_("Announced"), "blue"),
        "expired": (_("Over"), "grey"),
        "revoked": (_("Revoked"), "rust"),
        "active": (_("In use"), "green"),
        "ended": (_("Over"), "grey"),
        "open": (_("Open"), "green"),
        "closed": (_("Closed"), "grey"),
    },
    "agreement": {
        "report": (_("You report acts"), "blue"),
        "read_balance": (_("You read balances that people share with you"), "blue"),
        "pull": (_("We fetch your files"), "blue"),
        "hand_over": (_("You send us your people and vouch for them"), "blue"),
    },
    "verdict": {
        "accepted": (pgettext_lazy("verdict", "Accepted"), "green"),
        "duplicate": (_("Duplicate"), "grey"),
        "conflict": (_("Conflict"), "rust"),
        "rejected": (_("Rejected"), "rust"),
        "held": (_("Held"), "blue"),
        "received": (_("Received"), "grey"),
    },
    "delivery": {
        "waiting": (_("Waits for its next attempt"), "blue"),
        "delivered": (_("Delivered"), "green"),
        "dead": (_("Given up"), "rust"),
    },
    "message": {
        "cn.tanzhang.batch.settled.v1": (_("A batch is settled"), "blue"),
        "cn.tanzhang.reconciliation.ready.v1": (_("A day's file is ready"), "blue"),
    },
    "purpose": {
        "sign": (_("to sign"), "blue"),
        "encrypt": (_("to encrypt to you"), "blue"),
        "unwrap": (_("to encrypt to us"), "blue"),
        "root": (_("to sign roots of the log"), "blue"),
    },
    "role": {
        "viewer": (_("May look"), "grey"),
        "manager": (_("May change"), "blue"),
    },
    "channel": {
        "api": (_("over the API"), "grey"),
        "file": (_("from a file"), "grey"),
        "pull": (_("from a file that we fetched"), "grey"),
    },
}


def word(group: str, name: str) -> tuple[str, str]:
    """The word and the tone of a stored name; a name of its own where none is known."""
    text, tone = WORDS[group].get(name, (name, "grey"))
    return str(text), tone


def of_call(code: str) -> str:
    """What a call's verdict code means, in a sentence."""
    if code == SERVED:
        return str(_("Your request was served."))
    return _what(sentences_of(code)) if code in CODES else ""


def of_item(code: str | None) -> str:
    """What the code of a single event means, in a sentence."""
    return _what(f"door.{code}") if code else ""


def of_reason(reason: str | None) -> str:
    """Why an event's outcome is as it is, in a sentence."""
    return reason_sentence(reason, moments.language()) if reason else ""


def _what(problem: str) -> str:
    known = sentences().get(problem)
    return "" if known is None else known[moments.language()]["what"]
