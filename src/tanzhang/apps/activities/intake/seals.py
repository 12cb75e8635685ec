"""Sealed fields: opened with the batch's one data key, and bound to their event and place."""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tanzhang.crypto import Cipher, Sealed, open_sealed
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens the sealed fields of one batch of one partner."""

    partner: str
    key: bytes
    cipher: Cipher

    def plaintext(self, sealed: Sealed, source: str, external_id: str, pointer: str) -> bytes:
        """What one field says. Raises ``crypto.seal_broken`` for one from another place too."""
        place = f"{self.partner}|{source}|{external_id}|{pointer}"
        return open_sealed(self.key, sealed, place.encode(), self.cipher)


def unsealed(
    opener: Opener,
    pointer: str,
    sources: Sequence[str],
    ids: Sequence[str],
    fields: Sequence[Sequence[str | None]],
) -> tuple[list[str | None], list[str | None]]:
    """The texts of one field over some events, and the fault of each that has none.

    ``fields`` holds ``enc``, ``iv``, ``ct`` and ``tag`` of each event's sealed value.
    """
    found: list[str | None] = []
    faults: list[str | None] = []
    for source, external_id, parts in zip(sources, ids, fields, strict=True):
        text, fault = _one(opener, pointer, source, external_id, parts)
        found.append(text)
        faults.append(fault)
    return found, faults


def _one(
    opener: Opener, pointer: str, source: str, external_id: str, parts: Sequence[str | None]
) -> tuple[str | None, str | None]:
    enc, *coded = parts
    if enc != opener.cipher.value:
        return None, "seal_malformed"
    try:
        iv, ct, tag = (a2b_base64(part or "?", strict_mode=True) for part in coded)
    except ValueError:
        return None, "seal_malformed"
    try:
        text = opener.plaintext(Sealed(iv, ct, tag), source, external_id, pointer).decode()
    except Problem:
        return None, "seal_broken"
    except UnicodeDecodeError:
        return None, "text_unusable"
    return (None, "text_unusable") if "\0" in text else (text, None)


def whole_number(text: str | None) -> int | None:
    """A sealed input: a whole number in decimal digits; None for anything else."""
    digits = (text or "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return None
    return int(np.int64(int(text or "0")))
