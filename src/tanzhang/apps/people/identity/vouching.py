"""What a host knows for certain: that an account is of whoever has this identity number.

A phone opens an account and proves nobody: numbers are lent, and given out again. That two accounts
are of one person two hosts say, each for its own, with the same number. The number itself is turned
into a keyed digest at once (a key of this purpose alone) and never kept; the digest lies in the
vault, is found by a blind index, and goes with the person.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.identity.events import note_identity
from tanzhang.apps.people.identity.models import EventKind
from tanzhang.apps.people.requests.clock import day_of_law
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.vault import api as vault
from tanzhang.apps.people.vault.secret import installation_secret
from tanzhang.problems import Problem

#: What hosts vouch for, the strongest first; what it is called in the vault is ``<factor>_digest``.
FACTORS: Final = ("id_number", "card_holder")

#: That an account's owner is of age: a claim of a host, or read from a resident's number.
ADULT: Final = "adult"

#: When one is of age (Civil Code of the PRC, article 17).
ADULT_YEARS: Final = 18

_SHAPE: Final = re.compile(r"[0-9A-Z]{6,40}", re.ASCII)

#: A resident's number (GB 11643-1999): six digits of a place, the day of birth, three of an order,
#: and a check character.
_RESIDENT: Final = re.compile(r"[0-9]{6}([0-9]{8})[0-9]{3}[0-9X]", re.ASCII)


def identity_digest(factor: str, number: str) -> str:
    """The keyed digest of a number, in hexadecimal; who lacks the key cannot guess it back.

    Raises ``identity.number_malformed``, which does not repeat the number.
    """
    plain = _plain(number)
    if factor not in FACTORS or not _SHAPE.fullmatch(plain):
        raise Problem("identity.number_malformed")
    key = hmac.digest(installation_secret(), b"purpose\0which accounts are one person", "sm3")
    return hmac.digest(key, f"{factor}\0{plain}".encode(), "sm3").hex()


def _plain(number: str) -> str:
    """A number however it was written: with blanks, dashes, small letters."""
    return re.sub(r"[\s\-–·]", "", unicodedata.normalize("NFKC", number)).upper()


def shows_of_age(number: str, now: datetime) -> bool:
    """Whether a resident's number says that whoever it is of is of age; no other number does."""
    found = _RESIDENT.fullmatch(_plain(number))
    if found is None or _check_character(found[0][:17]) != found[0][17]:
        return False
    try:
        born = datetime.strptime(found[1], "%Y%m%d").date()
    except ValueError:
        return False
    today = day_of_law(now)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years >= ADULT_YEARS


def _check_character(digits: str) -> str:
    """ISO 7064, MOD 11-2, by which a resident's number ends."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return "10X98765432"[total % 11]


def vouch(account: AccountEntry, partner_id: int, factor: str, digest: str) -> None:
    """Note that a partner vouches for whom an account is of (``identity_digest``).

    Raises ``identity.vouched_otherwise`` if another number was vouched for: then somebody is wrong,
    and nothing is changed.
    """
    field = f"{factor}_digest"
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [account.subject_id])
        known = vault.own(cursor, account.subject_id, [field]).get(field)
        if known is None:
            vault.store(cursor, account.subject_id, {field: digest})
        elif not hmac.compare_digest(known, digest):
            raise Problem("identity.vouched_otherwise")
        cursor.execute(
            "insert into identity_vouch (account_id, partner_id, factor, vouched_at)"
            " values (%s, %s, %s, %s) on conflict do nothing returning id",
            [account.id, partner_id, factor, timezone.now()],
        )
        if cursor.fetchone() is not None:
            note_identity(cursor, account.id, EventKind.VOUCHED, by="partner", about=partner_id)


def vouch_of_age(account: AccountEntry, partner_id: int) -> None:
    """Note that a partner says an account's owner is of age; when she was born is not kept."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into identity_vouch (account_id, partner_id, factor, vouched_at)"
            " values (%s, %s, %s, %s) on conflict do nothing",
            [account.id, partner_id, ADULT, timezone.now()],
        )


def is_of_age(cursor: psycopg.Cursor[Any], account_id: int) -> bool:
    """Whether a partner has said that an account's owner is of age."""
    cursor.execute(
        "select exists (select from identity_vouch where account_id = %s and factor = %s)",
        [account_id, ADULT],
    )
    return bool(cursor.fetchall()[0][0])


def vouchers(account_id: int) -> dict[str, list[int]]:
    """Which partners vouched for whom an account is of, by what."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select factor, array_agg(partner_id order by id) from identity_vouch"
            " where account_id = %s group by factor order by factor",
            [account_id],
        )
        return dict(cursor.fetchall())


def shared_factor(cursor: psycopg.Cursor[Any], one: AccountEntry, other: AccountEntry) -> str:
    """By what two accounts were shown to be of one person.

    Raises ``identity.factor_missing`` where no number was vouched for on both sides, and
    ``identity.persons_differ`` where the numbers are not the same.
    """
    fields = [f"{factor}_digest" for factor in FACTORS]
    mine = vault.own(cursor, one.subject_id, fields)
    others = vault.own(cursor, other.subject_id, fields)
    both = [name for name in fields if name in mine and name in others]
    if not both:
        raise Problem("identity.factor_missing")
    if not all(hmac.compare_digest(mine[name], others[name]) for name in both):
        raise Problem("identity.persons_differ")
    return both[0].removesuffix("_digest")


def identity_digests(number: str) -> dict[str, str]:
    """The digests that a number has, by factor; a person does not say which number it is.

    Raises ``identity.number_malformed``.
    """
    return {factor: identity_digest(factor, number) for factor in FACTORS}


def is_vouched(cursor: psycopg.Cursor[Any], subject_id: int, digests: Mapping[str, str]) -> bool:
    """Whether a host vouched for a number with one of these digests."""
    known = vault.own(cursor, subject_id, [f"{factor}_digest" for factor in FACTORS])
    return any(
        hmac.compare_digest(digest, known.get(f"{factor}_digest", ""))
        for factor, digest in digests.items()
    )
