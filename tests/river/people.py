"""Six people, each known to every partner of her programmes; two of them by two names."""

from __future__ import annotations

import os

from river.programmes import PARTNERS, library
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import installation_secret, person_refs
from tanzhang.config.kind import admit_fictitious_people
from tanzhang.engine.packs import PackLibrary
from tanzhang.engine.packs.definition import SENSITIVE_KINDS

#: 2024-01-01 in both programmes: everybody joined on their first day.
JOINED_DAY = 19_723
CONSENT_FROM_US = (JOINED_DAY - 1) * 86_400_000_000

#: Person -> the names of her accounts in the river programme. A person known by two names has two
#: accounts, so that an act can move between them.
ACCOUNTS = {
    "ada": ("ada", "ada-too"),
    "bo": ("bo",),
    "cy": ("cy", "cy-too"),
    "di": ("di",),
    "ed": ("ed",),
    "fu": ("fu",),
}

#: Who has an account on the coast besides; the others have one account and no more.
ON_THE_COAST = ("ada", "bo", "cy", "ed")


def settle_in(packs: PackLibrary | None = None) -> None:
    """Load the two programmes and enrol the six people, in an empty database as subjects 1 to 6."""
    admit_fictitious_people()
    load_catalogue(packs or library(), ["river", "coast"])
    for person, names in ACCOUNTS.items():
        subject_id = _open_subject()
        for name in names:
            _open_account(subject_id, "river", name)
        if person in ON_THE_COAST:
            _open_account(subject_id, "coast", person)


def _open_subject() -> int:
    with bulk_transaction() as cursor:
        cursor.execute("insert into subject (key) values (%s) returning id", [os.urandom(32)])
        (row,) = cursor.fetchall()
    return int(row[0])


def _open_account(subject_id: int, programme: str, name: str) -> None:
    """An account that every partner of the programme knows by ``name``, with consent."""
    known_to = [code for code, (own, _) in PARTNERS.items() if own == programme]
    entries = [partner(code) for code in known_to]
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into account (programme_id, joined_day, subject_id, handle)"
            " values (%s, %s, %s, %s) returning id",
            [entries[0].programme_id, JOINED_DAY, subject_id, f"{programme}-{name}"],
        )
        account_id = cursor.fetchall()[0][0]
        for entry in entries:
            (ref,) = person_refs(installation_secret(), entry.code, [name])
            cursor.execute(
                "insert into partner_link (partner_id, account_id, subject_id, person_ref)"
                " values (%s, %s, %s, %s)",
                [entry.id, account_id, subject_id, ref],
            )
            cursor.execute(
                "insert into consent (partner_id, account_id, subject_id, from_us, purpose, kinds)"
                " values (%s, %s, %s, %s, 'collect', '{}'), (%s, %s, %s, %s, 'sensitive', %s)",
                [entry.id, account_id, subject_id, CONSENT_FROM_US] * 2 + [[*SENSITIVE_KINDS]],
            )
