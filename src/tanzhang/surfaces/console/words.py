"""Stored names in the reader's words, and the colour that repeats some of them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

#: Value -> class of its label.
COLOURS: Final = {
    "credited": "tz-good",
    "settled": "tz-good",
    "in_force": "tz-good",
    "open": "tz-good",
    "equal": "tz-good",
    "approved": "tz-good",
    "installed": "tz-good",
    "active": "tz-good",
    "live": "tz-good",
    "announced": "tz-info",
    "suspended": "tz-warn",
    "revoked": "tz-danger",
    "limited": "tz-info",
    "coming": "tz-info",
    "waiting": "tz-warn",
    "held": "tz-warn",
    "soon": "tz-warn",
    "proposed": "tz-warn",
    "secondary": "tz-warn",
    "assumption": "tz-warn",
    "past": "tz-danger",
    "rejected": "tz-danger",
    "differs": "tz-danger",
    "refused": "tz-danger",
}


def word_of(group: str, name: str) -> str:
    """The word for a stored name. Raises KeyError for a name that has none."""
    return _words()[group][name]


def _words() -> dict[str, dict[str, str]]:
    return {
        "tag": _tags(),
        **_rights(),
        **_people(),
        **_limits(),
        "role": {
            "reader": _("reader"),
            "operator": _("operator"),
            "methodologist": _("methodologist"),
            "approver": _("approver"),
            "auditor": _("auditor"),
            "administrator": _("administrator"),
        },
        "kind": {
            "report": _("a partner's report"),
            "resettle": _("a new settlement, because the rules changed"),
            "hold": _("an order to hold or release"),
            "neighbour": _("a new settlement, because somebody else's act changed"),
            "restate": _("another report of the same act stands in its place"),
        },
        "agreement": {
            "report": _("reports acts"),
            "read_balance": _("reads balances"),
            "pull": _("has files fetched"),
            "hand_over": _("hands its people over"),
        },
        "suspicion": {
            "listing": _("what is suspect is being found"),
            "open": _("nothing is decided"),
            "proposed": _("a decision is proposed"),
            "releasing": _("it counts; acts are being released"),
            "confirmed": _("it counts"),
            "reversed": _("it never counts"),
        },
        "resolution": {
            "confirm": _("all of it counts"),
            "reverse": _("none of it ever counts"),
        },
        "verdict": {
            "release": _("it counts"),
            "refuse": _("it does not count"),
            "propose": _("proposed that it counts"),
        },
        "sanction": {
            "1": _("Warn the citizen"),
            "2": _("Freeze the account for seven days"),
            "3": _("Freeze the account for twenty-one days"),
            "4": _("Freeze the account for good"),
        },
        "purpose": {"sign": _("to sign"), "encrypt": _("to encrypt")},
        "rule": {
            "keep": _("the last value stays"),
            "lowest": _("the lowest value counts"),
            "highest": _("the highest value counts"),
            "zero": _("it counts as zero"),
        },
        "standing": {
            "draft": _("draft"),
            "reviewed": _("reviewed"),
            "published": _("published"),
            "superseded": _("superseded"),
            "retired": _("retired"),
        },
    }


def _tags() -> dict[str, str]:
    return {
        "active": _("active"),
        "suspended": _("suspended"),
        "closed": _("closed"),
        "live": _("live"),
        "announced": _("announced"),
        "expired": _("expired"),
        "revoked": _("revoked"),
        "credited": _("credited"),
        "limited": _("limited"),
        "duplicate": _("duplicate"),
        "rejected": _("rejected"),
        "held": _("held"),
        "withdrawn": _("withdrawn"),
        "waiting": _("waiting"),
        "settled": _("settled"),
        "coming": _("not yet in force"),
        "in_force": _("in force"),
        "ended": _("ended"),
        "open": _("open"),
        "past": _("past"),
        "soon": _("soon"),
        "equal": _("equal"),
        "differs": _("differs"),
        "standard": _("standard"),
        "published": _("published"),
        "secondary": _("secondary"),
        "assumption": _("assumption"),
        "proposed": _("proposed"),
        "approved": _("approved"),
        "refused": _("declined"),
        "installed": _("installed"),
        "loaded": _("loaded"),
        "superseded": _("superseded"),
    }


def _limits() -> dict[str, dict[str, str]]:
    return {
        "period": {
            "day": _("a day"),
            "week": _("a week"),
            "month": _("a month"),
            "year": _("a year"),
            "lifetime": _("in all"),
        },
        "scope": {
            "item": _("for each pack and account"),
            "scene": _("for each scene and account"),
            "account": _("for each account"),
            "programme": _("for each person in the programme"),
        },
    }


def _people() -> dict[str, dict[str, str]]:
    return {
        "case": {
            "recovery": _("She wants to come back"),
            "death": _("She is said to have died"),
        },
        "case_step": {
            "notified": _("every way in was told"),
            "checked": _("shown to be her"),
            "shortened": _("the waiting ended early"),
            "cancelled": _("cancelled by a log-in"),
            "refused": _("refused"),
            "done": _("done"),
            "used": _("next of kin used a right"),
        },
        "wish": {
            "shorten": _("end the waiting now"),
            "confirm_death": _("confirm the death"),
        },
        "account_kind": {
            "person": _("person"),
            "household": _("household"),
            "unit": _("public body"),
            "small_enterprise": _("small enterprise"),
            "enterprise": _("enterprise"),
            "team": _("team"),
            "community": _("community"),
        },
        "member_role": {
            "manager": _("looks after it"),
            "member": _("member"),
            "child": _("account of the same person"),
        },
    }


def _rights() -> dict[str, dict[str, str]]:
    """Words of appeals and of rights requests."""
    return {
        "appeal_about": {
            "act": _("how an act was judged"),
            "account": _("a decision about the account"),
        },
        "appeal_move": {
            "asked_partner": _("the partner was asked"),
            "partner_answered": _("the partner has answered"),
            "proposed": _("proposed; another person has to agree"),
            "disagreed": _("a proposal was let go"),
            "decided": _("decided"),
            "withdrawn": _("taken back"),
        },
        "assessment": {
            "waiting": _("waiting for a second person"),
            "refused": _("refused"),
            "withdrawn": _("taken back"),
            "coming": _("approved, not begun yet"),
            "live": _("in force"),
            "run_out": _("run out"),
            "ended": _("ended before its time"),
        },
        "stage": {
            "announced": _("announced"),
            "open": _("taking people"),
            "closed": _("taking nobody new"),
            "everyone": _("everyone"),
        },
        "stage_decision": {
            "waits": _("waits for another person"),
            "alone": _("in force, decided by one person"),
            "approved": _("in force"),
            "refused": _("declined"),
            "withdrawn": _("withdrawn"),
        },
        "opens": {"scene": _("scene"), "page": _("page"), "entry": _("way in")},
        "remedy": {
            "none": _("it stays"),
            "release": _("released"),
            "set_aside": _("set aside"),
            "restate": _("an earlier revision stands"),
            "corrected": _("corrected by the partner"),
            "elsewhere": _("put right elsewhere"),
        },
        "request": {
            "correct": _("a correction"),
            "restrict": _("restriction"),
            "delete": _("erasure"),
            "explain": _("an explanation"),
            "guardian": _("as a guardian"),
            "next_of_kin": _("as next of kin"),
            "other": _("something else"),
        },
        "request_state": {
            "open": _("nobody has looked at it"),
            "working": _("somebody works on it"),
            "waiting": _("waits for the person"),
            "done": _("done"),
            "refused": _("refused"),
            "withdrawn": _("taken back"),
        },
    }
