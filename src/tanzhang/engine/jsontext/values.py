"""One field of all records as one column, exactly as it was written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from tanzhang.engine.jsontext.tokens import Kind, Tokens
from tanzhang.engine.rules import Flags, Ints

#: Whole numbers have no more digits than this, so that each fits into 64 bits.
MOST_DIGITS: Final = 18

_WHOLE: Final = re.compile(rb"-?[0-9]+")
_SUSPECT: Final = re.compile(rb"\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000)")


@dataclass(frozen=True, slots=True)
class Integers:
    """A column of whole numbers: ``values`` where ``given``, and why there is none elsewhere."""

    values: Ints
    given: Flags
    not_whole: Flags  #: a number with a fraction or an exponent
    too_large: Flags
    no_number: Flags


def texts(tokens: Tokens, at: Ints) -> pl.Series:
    """The string at each token; null where there is none (-1) or where it is no string."""
    is_string = (at >= 0) & (tokens.kind[at] == Kind.STRING)
    where = at[is_string]
    found: list[bytes | None] = [*_slices(tokens, where)]
    if b"\\" in tokens.text:
        found = [_plain(raw) for raw in found if raw is not None]
    if len(where) < len(at):
        rows = iter(found)
        found = [next(rows) if has else None for has in is_string.tolist()]
    return pl.Series(found, dtype=pl.Binary).cast(pl.String)


def integers(tokens: Tokens, at: Ints) -> Integers:
    """The whole number at each token. ``null`` and nothing (-1) are not given and no fault."""
    values = np.zeros(len(at), np.int64)
    given, not_whole, too_large, no_number = np.zeros((4, len(at)), np.bool_)
    present = (at >= 0) & ~is_null(tokens, at)
    bare = present & (tokens.kind[at] == Kind.BARE)
    no_number[present & ~bare] = True
    rows = np.flatnonzero(bare)
    for row, word in zip(rows.tolist(), _slices(tokens, at[rows]), strict=True):
        if not _WHOLE.fullmatch(word):
            (no_number if word in (b"true", b"false") else not_whole)[row] = True
        elif len(word) - word.startswith(b"-") > MOST_DIGITS:
            too_large[row] = True
        else:
            values[row], given[row] = int(word), True
    return Integers(values, given, not_whole, too_large, no_number)


def is_null(tokens: Tokens, at: Ints) -> Flags:
    """Whether ``null`` stands at each token."""
    letters = np.frombuffer(tokens.text, np.uint8)[tokens.start[at].clip(max=len(tokens.text) - 1)]
    found: Flags = (at >= 0) & (tokens.kind[at] == Kind.BARE) & (letters == ord("n"))
    return found


def unusable_strings(tokens: Tokens) -> Ints:
    """The tokens of strings that are no text that could be kept: half a pair (U+D800–DFFF), NUL."""
    places = [found.start() for found in _SUSPECT.finditer(tokens.text)]
    suspects = np.unique(np.searchsorted(tokens.start, places, side="right") - 1)
    slices = _slices(tokens, suspects)
    wrong = [_is_unusable(json.loads(b'"' + raw + b'"')) for raw in slices]
    return suspects[np.array(wrong, np.bool_)]


def _is_unusable(text: str) -> bool:
    return any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)


def _plain(raw: bytes) -> bytes | None:
    """A string without its escapes; None if it is unusable."""
    if b"\\" not in raw:
        return raw
    plain: str = json.loads(b'"' + raw + b'"')
    return None if _is_unusable(plain) else plain.encode()


def _slices(tokens: Tokens, where: Ints) -> list[bytes]:
    text = tokens.text
    spans = zip(tokens.start[where].tolist(), tokens.end[where].tolist(), strict=True)
    return [text[a:b] for a, b in spans]
