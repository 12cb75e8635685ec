"""Who may agree for a child: another person, of whom a host says that she is of age.

That an account is not marked as a child's says nothing: a child can open a second one. What can be
known is used instead. A guardian's account is another person's, as far as links, numbers and phones
tell, and a host that knows its customers has said that its owner is of age. When the account was
opened does not matter: a mother may well open hers because her child asks her to.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

from tanzhang.apps.people.identity.vouching import FACTORS, is_of_age
from tanzhang.apps.people.links import links_of
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

#: What two persons do not have in common.
_PHONES: Final = ("phone", "recovery_phone")
_NUMBERS: Final = tuple(f"{factor}_digest" for factor in FACTORS)


def refuse_guardian(
    cursor: psycopg.Cursor[Any], child: AccountEntry, guardian: AccountEntry, at_us: int
) -> None:
    """Refuse whoever cannot be this child's guardian.

    Raises ``consenting.guardian_needed`` for the child herself, for another child, and for what is
    no person's account, and ``consenting.guardian_not_of_age`` where no host says that she is.
    """
    person = _person(cursor, guardian.subject_id)
    if (
        guardian.kind is not AccountKind.PERSON
        or child.subject_id in person
        or _is_any_child(cursor, person, at_us)
        or _have_in_common(cursor, child.subject_id, guardian.subject_id)
    ):
        raise Problem("consenting.guardian_needed")
    if not is_of_age(cursor, guardian.id):
        raise Problem("consenting.guardian_not_of_age")


def _person(cursor: psycopg.Cursor[Any], subject_id: int) -> set[int]:
    """All subjects that were ever shown to be this one's person."""
    found = links_of(cursor, [subject_id])
    return {subject_id, *(number for link in found for number in link.subject_ids)}


def _is_any_child(cursor: psycopg.Cursor[Any], subject_ids: set[int], at_us: int) -> bool:
    cursor.execute(
        "select exists (select from child where subject_id = any(%s) and fourteen_us > %s)",
        [[*subject_ids], at_us],
    )
    return bool(cursor.fetchall()[0][0])


def _have_in_common(cursor: psycopg.Cursor[Any], one: int, other: int) -> bool:
    """Whether two subjects were told under one number, of a phone or of an identity."""
    mine = vault.own(cursor, one, [*_PHONES, *_NUMBERS])
    hers = vault.own(cursor, other, [*_PHONES, *_NUMBERS])
    phones = [{said[name] for name in _PHONES if name in said} for said in (mine, hers)]
    numbers = [{(name, said[name]) for name in _NUMBERS if name in said} for said in (mine, hers)]
    return bool(phones[0] & phones[1] or numbers[0] & numbers[1])
