"""What is known of each rule for somebody who wants to join: true, not true, or not seen yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tanzhang.apps.people.joining.lists import phone_is_listed, ref_is_listed
from tanzhang.engine.packs.joining.section import Evidence, FormField, Joining, Rule
from tanzhang.engine.packs.joining.words import BY_PHONE, FIELDS, HOST, LIST

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a host's signed hand-over says: who it is, its reference of her, and its claims."""

    host: str
    ref: bytes
    claims: Mapping[str, tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who wants to join, as far as she is known.

    ``phone`` was shown to be hers, by a code or by the host; ``vouched`` is None without a host.
    """

    vouched: Vouched | None = None
    phone: str | None = field(default=None, repr=False)


def verdicts(
    cursor: Cursor, programme_id: int, joining: Joining, who: Applicant
) -> dict[str, bool | None]:
    """Each rule by its id. A list is asked only for a phone or a reference that is surely hers."""
    return {
        rule.id: _verdict(cursor, programme_id, joining, rule, who)
        for rule in joining.rules.values()
    }


def vouched_value(asked: FormField, joining: Joining, who: Applicant) -> str | None:
    """What a field that nobody types holds: the host's word, or the list's title; None if neither.

    That she is on the list has to be seen first: ``listed_for``.
    """
    if asked.verified == LIST:
        return joining.lists[asked.people_list].title.zh
    values = _claimed(who, FIELDS[asked.name].claim)
    return "、".join(values) if values else None


def listed_for(
    cursor: Cursor, programme_id: int, joining: Joining, name: str, who: Applicant
) -> bool | None:
    """Whether she is on a list; None while her phone is not known."""
    known = joining.lists[name]
    if known.by == BY_PHONE:
        if who.phone is None:
            return None
        return phone_is_listed(cursor, programme_id, name, who.phone)
    if who.vouched is None or who.vouched.host != known.partner:
        return False
    return ref_is_listed(cursor, programme_id, name, who.vouched.ref)


def _verdict(
    cursor: Cursor, programme_id: int, joining: Joining, rule: Rule, who: Applicant
) -> bool | None:
    if rule.evidence is Evidence.LIST:
        return listed_for(cursor, programme_id, joining, rule.of, who)
    if rule.evidence is Evidence.CLAIM:
        return _claims(who, rule.of, rule)
    asked = joining.form.fields[rule.of]
    if asked.verified == LIST:
        return listed_for(cursor, programme_id, joining, asked.people_list, who)
    if asked.verified == HOST:
        return _claims(who, FIELDS[rule.of].claim, rule)
    return True if who.phone is not None else None


def _claims(who: Applicant, claim: str, rule: Rule) -> bool:
    values = _claimed(who, claim)
    if values is None or who.vouched is None:
        return False
    counts = not rule.partners or who.vouched.host in rule.partners
    return counts and (not rule.values or bool(set(values) & set(rule.values)))


def _claimed(who: Applicant, claim: str) -> tuple[str, ...] | None:
    return None if who.vouched is None else who.vouched.claims.get(claim)
