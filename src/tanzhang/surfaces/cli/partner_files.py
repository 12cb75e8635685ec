"""What partners' commands take and leave: files of keys, and instants as people write them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tanzhang.problems import Problem

if TYPE_CHECKING:
    from tanzhang.crypto.keys import Algorithm, PublicKey


def public_key(path: Path) -> PublicKey:
    """The public key in a PEM file.

    Raises ``partners.file_unreadable``, ``crypto.key_malformed``, ``crypto.key_unsupported``.
    """
    from tanzhang.crypto.keys import load_public

    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise Problem("partners.file_unreadable", path=str(path), said=said) from None
    return load_public(text)


def make_pair(algorithm: Algorithm, out: Path) -> PublicKey:
    """Make a key pair for a fictitious partner: the private half goes to a file of its owner alone.

    Raises ``partners.pair_not_ours`` where partners may be real, ``partners.key_file_exists`` and
    ``partners.file_unreadable``.
    """
    from tanzhang.apps.people.api import installation
    from tanzhang.crypto.keys import generate

    if not installation().is_fictitious:
        raise Problem("partners.pair_not_ours")
    pair = generate(algorithm)
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Problem("partners.key_file_exists", path=str(out)) from None
    except OSError as error:
        raise Problem("partners.file_unreadable", path=str(out), said=error.strerror) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(pair.to_pem())
    return pair.public


def instant(text: str | None) -> datetime | None:
    """An instant with its offset, such as ``2027-01-01T00:00+08:00``.

    Raises ``partners.instant_malformed``.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Problem("partners.instant_malformed", text=text)
    return found.astimezone(UTC)
