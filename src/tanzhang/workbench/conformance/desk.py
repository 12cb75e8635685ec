"""The kit's own place in the sandbox: a programme, a partner with a new key, new citizens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from uuid import UUID

import numpy as np

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue import api as catalogue
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people
from tanzhang.crypto import Algorithm, PrivateKey, generate
from tanzhang.engine.localtime import day_starts_us
from tanzhang.engine.packs import library_with_programme

PROGRAMME = PARTNER = "conformance"

#: So many people take part in one run; golden events are all of the first.
CITIZENS = 3

#: Who puts the kit's programme into force: two names, as everywhere.
PROPOSER, APPROVER = "conformance kit", "sandbox operator"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run needs: whom to call as, and about whom."""

    partner: str
    key: PrivateKey
    persons: tuple[str, ...]


@contextmanager
def opened() -> Iterator[Desk]:
    """A desk of the kit's own in this installation; its key is revoked at the end.

    Raises ``people.installation_live`` where people may be real.
    """
    _put_into_force()
    entry = partners.partner(PARTNER)
    for key in partners.partner_keys(entry.id):  # of runs that were killed
        if key.state(datetime.now(UTC)) in ("live", "announced"):
            partners.revoke_key(entry.id, key.key_id)
    pair = generate(Algorithm.SM2)
    partners.add_key(entry.id, pair.public)
    try:
        yield Desk(PARTNER, pair, _enrolled(entry.id))
    finally:
        partners.revoke_key(entry.id, pair.key_id)


def hold(event_key: str, *, release: bool = False) -> None:
    """Hold an act as an operator would, or release it."""
    found = activities.whereabouts(UUID(hex=event_key))
    assert found is not None
    with bulk_transaction() as cursor:
        (activities.release if release else activities.hold)(cursor, [found])


def _put_into_force() -> None:
    """Load the kit's programme, and activate what of it is not in force yet."""
    with as_file(files("tanzhang.workbench.conformance").joinpath("programme.yaml")) as file:
        library, programme = library_with_programme(file)
        catalogue.load_catalogue(library, [programme.id])
    pending = catalogue.pending_versions(PROGRAMME)
    if not pending:
        return
    first = catalogue.preview(pending).from_day

    def activate() -> list[catalogue.RulesChange]:
        number = catalogue.propose_activation(pending, from_day=first, by=PROPOSER)
        return [catalogue.approve_activation(number, by=APPROVER)]

    activities.change_rules(activate)


def _enrolled(partner_id: int) -> tuple[str, ...]:
    run = secrets.token_hex(6)
    persons = tuple(f"{PARTNER}-{run}-{number}" for number in range(1, CITIZENS + 1))
    rules = catalogue.rulebook_in_force()
    first_day = rules.programme(PROGRAMME).versions[0].valid_from
    starts_us = day_starts_us(np.array([first_day]), rules.programme(PROGRAMME).time_zone)
    with bulk_transaction() as cursor:
        people.enrol(
            cursor,
            partner_id=partner_id,
            programme_id=rules.programme_ids[PROGRAMME],
            refs=people.person_refs(people.installation_secret(), PARTNER, persons),
            account_handles=people.handles(PROGRAMME, PARTNER, persons),
            joined_day=first_day,
            consent_from_us=int(starts_us[0]),
        )
    return persons
