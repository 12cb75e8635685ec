"""The list of an audit pack's files with their digests, signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document
from tanzhang.proofs.signing import Seal, require_signature
from tanzhang.proofs.trust import Trust

AUDIT_PACK_FORMAT: Final = "tanzhang-audit-pack/1"
_SM3_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class AuditPack:
    """What a verified list says. ``readings`` and ``last_reading`` say where the log of readings
    ended, so that nobody can cut off its end later without being found out."""

    installation: str
    until: datetime
    files: Mapping[str, bytes]  #: SM3 by name
    readings: int
    last_reading: bytes


def make_audit_pack(
    *,
    installation: str,
    until: datetime,
    files: Mapping[str, bytes],
    readings: int,
    last_reading: bytes,
    seal: Seal,
) -> Document:
    """The signed list; ``readings`` is the position of the last row of the log of readings."""
    return seal.put_on(
        {
            "format": AUDIT_PACK_FORMAT,
            "installation": installation,
            "until": write_instant(until),
            "made_at": write_instant(seal.at),
            "files": [{"name": name, "sm3": files[name].hex()} for name in sorted(files)],
            "readings": readings,
            "last_reading": last_reading.hex(),
        }
    )


def verify_audit_pack(document: Document, trust: Trust) -> AuditPack:
    """What a list says, if a signing key signed it. Raises ``proofs.*``."""
    fields = Fields(document)
    given = fields.text("format")
    if given != AUDIT_PACK_FORMAT:
        raise Problem("proofs.format_unknown", given=given[:40], known=AUDIT_PACK_FORMAT)
    require_signature(document, fields, Purpose.SIGN, fields.instant("made_at"), trust)
    installation = fields.text("installation")
    trust.require_installation(installation)
    files: dict[str, bytes] = {}
    for each in fields.each("files"):
        name = each.text("name")
        if name in files:
            raise Problem("proofs.member_repeated", member=name[:40])
        files[name] = each.octets("sm3", _SM3_BYTES)
        each.end()
    found = AuditPack(
        installation=installation,
        until=fields.instant("until"),
        files=files,
        readings=fields.integer("readings", least=0),
        last_reading=fields.octets("last_reading", _SM3_BYTES),
    )
    fields.end()
    return found
