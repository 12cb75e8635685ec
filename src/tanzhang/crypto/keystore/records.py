"""A key as a JSON file says it: all that may be known, and what its custody keeps."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tanzhang.crypto.keys import Algorithm
from tanzhang.crypto.keystore.model import PublishedKey, Purpose
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Record:
    """One file. ``kept`` is the custody's own text: a private key perhaps, never shown."""

    published: PublishedKey
    kept: str = field(repr=False)

    @property
    def key_id(self) -> str:
        """The key's id, which is the file's name too."""
        return self.published.key_id


def public_json(key: PublishedKey) -> dict[str, Any]:
    """A key for the world: instants in ISO 8601 UTC, the endorsement in base64."""
    return {
        "key_id": key.key_id,
        "purpose": key.purpose.value,
        "algorithm": key.algorithm.value,
        "pem": key.pem,
        "active_from": _text(key.active_from),
        "active_until": _text(key.active_until) if key.active_until else None,
        "announced_at": _text(key.announced_at),
        "endorsed_by": key.endorsed_by,
        "endorsement": base64.b64encode(key.endorsement).decode("ascii"),
    }


def from_public_json(said: dict[str, Any]) -> PublishedKey:
    """The reverse. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
    until = said["active_until"]
    return PublishedKey(
        key_id=said["key_id"],
        purpose=Purpose(said["purpose"]),
        algorithm=Algorithm(said["algorithm"]),
        pem=said["pem"],
        active_from=_instant(said["active_from"]),
        active_until=None if until is None else _instant(until),
        announced_at=_instant(said["announced_at"]),
        endorsed_by=said["endorsed_by"],
        endorsement=base64.b64decode(said["endorsement"], validate=True),
    )


def as_json(record: Record) -> dict[str, Any]:
    """What the file holds."""
    return {**public_json(record.published), "kept": record.kept}


def read(path: Path) -> Record:
    """One file. Raises ``crypto.store_damaged`` if it is not such a file, or of another key."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        record = Record(from_public_json(said), str(said["kept"]))
        matches = path.stem == record.key_id == record.published.public.key_id
    except (KeyError, TypeError, ValueError, Problem):
        matches = False
    if not matches:
        raise Problem("crypto.store_damaged", path=str(path))
    return record


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone")
    return instant
