"""A statement: the acts that a citizen carries to another installation, one entry each.

An entry says what the receiving side decides by: the scene, the method, the partner that reported,
when, and for how much. Amounts, times and methods are those of the leaves beside it; names are
under the signature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tanzhang.engine.acts import Status
from tanzhang.problems import Problem
from tanzhang.proofs.bundles import Bundle, VerifiedBundle, make_bundle, verify_bundle
from tanzhang.proofs.certificates import last_of_events
from tanzhang.proofs.fields import Fields
from tanzhang.proofs.form import Document
from tanzhang.proofs.signing import Seal
from tanzhang.proofs.trust import Trust

STATEMENT_FORMAT: Final = "tanzhang-statement/1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as its own installation knows it."""

    event_key: bytes
    programme: str
    scene: str
    partner: str
    pack: str
    version: str
    started_us: int
    ended_us: int
    status: str
    total_mg: int

    def as_json(self) -> dict[str, Any]:
        """As a statement says it."""
        return {
            "event_key": self.event_key.hex(),
            "programme": self.programme,
            "scene": self.scene,
            "partner": self.partner,
            "pack": self.pack,
            "version": self.version,
            "started_us": self.started_us,
            "ended_us": self.ended_us,
            "status": self.status,
            "total_mg": self.total_mg,
        }


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a statement is: one account of one other installation, and nobody else.

    ``account`` is what that installation calls the account towards others, 16 bytes.
    """

    installation: str
    account: bytes

    def as_json(self) -> dict[str, str]:
        """As a statement says it."""
        return {"installation": self.installation, "account": self.account.hex()}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a verified statement says."""

    audience: Audience
    bundle: VerifiedBundle
    entries: Sequence[Entry]
    reading: Mapping[str, Any]


def make_statement(
    *,
    installation: str,
    account: bytes,
    audience: Audience,
    entries: Sequence[Entry],
    bundle: Bundle,
    reading: Mapping[str, Any],
    root: Document,
    seal: Seal,
) -> Document:
    """A signed statement; ``reading`` is for people, in ``zh`` and ``en``."""
    return make_bundle(
        STATEMENT_FORMAT,
        installation=installation,
        account=account,
        bundle=bundle,
        more={
            "audience": audience.as_json(),
            "entries": [entry.as_json() for entry in entries],
            "reading": reading,
        },
        root=root,
        seal=seal,
    )


def verify_statement(document: Document, trust: Trust) -> Statement:
    """What a statement says, if everything in it holds."""
    bundle, fields = verify_bundle(document, STATEMENT_FORMAT, trust)
    said = fields.inside("audience")
    audience = Audience(said.text("installation"), said.octets("account", 16))
    said.end()
    entries = [_read_entry(listed) for listed in fields.each("entries")]
    found = Statement(audience, bundle, entries, fields.anything("reading"))
    fields.end()
    _require_entries(found)
    return found


def _read_entry(fields: Fields) -> Entry:
    entry = Entry(
        event_key=fields.octets("event_key", 16),
        programme=fields.text("programme"),
        scene=fields.text("scene"),
        partner=fields.text("partner"),
        pack=fields.text("pack"),
        version=fields.text("version"),
        started_us=fields.integer("started_us"),
        ended_us=fields.integer("ended_us"),
        status=fields.text("status"),
        total_mg=fields.integer("total_mg"),
    )
    fields.end()
    return entry


def _require_entries(statement: Statement) -> None:
    """Each event of the leaves has one entry, which says what its leaves say."""
    last = last_of_events(statement.bundle.outcomes)
    totals = dict.fromkeys(last, 0)
    for outcome in statement.bundle.outcomes:
        totals[outcome.leaf.event_key] += outcome.leaf.posted_mg
    digests = {(m.pack, m.version): m.digest[:16] for m in statement.bundle.methods}
    if sorted(entry.event_key for entry in statement.entries) != sorted(last):
        raise Problem("proofs.outcome_repeated")
    for entry in statement.entries:
        if totals[entry.event_key] != entry.total_mg:
            raise Problem(
                "proofs.sum_differs", stated=entry.total_mg, summed=totals[entry.event_key]
            )
        method = digests.get((entry.pack, entry.version), bytes(16))
        said = (entry.started_us, entry.status, method)
        known = {
            (o.leaf.started_us, Status(o.leaf.status).name.lower(), o.leaf.pack_digest)
            for o in last[entry.event_key]
        }
        if said not in known:
            raise Problem("proofs.event_differs", event=entry.event_key.hex())
