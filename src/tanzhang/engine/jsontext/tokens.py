"""The tokens of a JSON text, all at once, held to the grammar of RFC 8259.

The method is that of G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second" (2019), in
numpy: quotes that are not escaped split the text into inside and outside, what stands outside are
marks and bare words. With the container of every mark known, a text is JSON if and only if each
pair of neighbours may stand side by side and each bracket closes its own kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tanzhang.engine.rules import Flags, Ints
from tanzhang.problems import Problem

Bytes = NDArray[np.uint8]


class Kind(IntEnum):
    """What a token is. A key is a string that names a member; a bare word is a number or such."""

    OPEN_OBJECT = 0
    OPEN_LIST = 1
    CLOSE_OBJECT = 2
    CLOSE_LIST = 3
    COMMA_OBJECT = 4
    COMMA_LIST = 5
    COLON = 6
    KEY = 7
    STRING = 8
    BARE = 9


_VALUES: Final = (Kind.OPEN_OBJECT, Kind.OPEN_LIST, Kind.STRING, Kind.BARE)
_AFTER_VALUE: Final = (Kind.COMMA_OBJECT, Kind.COMMA_LIST, Kind.CLOSE_OBJECT, Kind.CLOSE_LIST)

_MAY_FOLLOW: Final[dict[Kind, tuple[Kind, ...]]] = {
    Kind.OPEN_OBJECT: (Kind.KEY, Kind.CLOSE_OBJECT),
    Kind.OPEN_LIST: (*_VALUES, Kind.CLOSE_LIST),
    Kind.CLOSE_OBJECT: _AFTER_VALUE,
    Kind.CLOSE_LIST: _AFTER_VALUE,
    Kind.COMMA_OBJECT: (Kind.KEY,),
    Kind.COMMA_LIST: _VALUES,
    Kind.COLON: _VALUES,
    Kind.KEY: (Kind.COLON,),
    Kind.STRING: _AFTER_VALUE,
    Kind.BARE: _AFTER_VALUE,
}
_ALLOWED: Final = np.zeros((len(Kind), len(Kind)), np.bool_)
for _first, _seconds in _MAY_FOLLOW.items():
    _ALLOWED[_first, list(_seconds)] = True

_WHITE, _MARK, _OTHER = 0, 1, 2
_CLASS: Final = np.full(256, _OTHER, np.uint8)
_CLASS[list(b" \t\n\r")] = _WHITE
_CLASS[list(b"{}[],:")] = _MARK

_KIND: Final = np.full(256, Kind.BARE, np.uint8)
for _mark, _kind in zip(
    b'{[}],:"',
    (*list(Kind)[:4], Kind.COMMA_LIST, Kind.COLON, Kind.STRING),
    strict=True,
):
    _KIND[_mark] = _kind

_STEP: Final = np.zeros(len(Kind), np.int8)
_STEP[[Kind.OPEN_OBJECT, Kind.OPEN_LIST]] = 1
_STEP[[Kind.CLOSE_OBJECT, Kind.CLOSE_LIST]] = -1

_IS_HEX: Final = np.zeros(256, np.bool_)
_IS_HEX[list(b"0123456789abcdefABCDEF")] = True
_MAY_BE_ESCAPED: Final = np.zeros(256, np.bool_)
_MAY_BE_ESCAPED[list(b'"\\/bfnrtu')] = True

_WORD: Final = re.compile(rb"true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in their order.

    ``start`` and ``end`` bound a string's inside, and everything else as it stands. ``container``
    is the token of the bracket that a token stands in (-1 for the outermost one), ``depth`` how
    many brackets those are; a closing bracket stands in its own pair. ``blank`` marks the bytes
    that are white space between tokens.
    """

    text: bytes
    blank: Flags
    kind: NDArray[np.uint8]
    start: Ints
    end: Ints
    container: Ints
    depth: Ints

    @property
    def is_value(self) -> Flags:
        """The tokens at which a value begins."""
        return np.isin(self.kind, _VALUES)


def tokens(text: bytes, deepest: int) -> Tokens:
    """The tokens of a list or an object of at most ``deepest`` brackets within each other.

    Raises ``json.not_utf8``, ``json.not_json`` (with the offset of a byte near the fault) and
    ``json.too_deep``.
    """
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Problem("json.not_utf8", offset=fault.start) from None
    letters = np.frombuffer(text, np.uint8)
    quote, inside = _strings(letters)
    classes = _CLASS[letters]
    outside = ~inside
    bare = outside & ~quote & (classes == _OTHER)
    begins = bare.copy()
    begins[1:] &= ~bare[:-1]
    ends = bare.copy()
    ends[:-1] &= ~bare[1:]
    start = np.flatnonzero((outside & (classes == _MARK)) | (quote & inside) | begins)
    if not len(start):
        raise Problem("json.not_json", offset=0)
    kind = _KIND[letters[start]]
    end = start + 1
    is_string = kind == Kind.STRING
    end[is_string] = np.flatnonzero(quote & outside)
    end[kind == Kind.BARE] = np.flatnonzero(ends) + 1
    depth = _depths(kind, start, deepest)
    container = _containers(kind, depth)
    _name_kinds(kind, container)
    start[is_string] += 1
    found = Tokens(text, outside & (classes == _WHITE), kind, start, end, container, depth)
    _check_grammar(found)
    return found


def _strings(letters: Bytes) -> tuple[Flags, Flags]:
    """The quotes that are not escaped, and which bytes stand inside a string (its first quote too).

    Raises for what no string may hold: a control, an unknown escape, a missing end.
    """
    quote = letters == ord('"')
    escapes = _escapes(letters)
    quote[escapes + 1] = False
    inside = np.bitwise_xor.accumulate(quote)
    wrong = inside & (letters < 0x20)
    wrong[escapes] |= ~inside[escapes]
    if inside[-1:].any() or wrong.any():
        raise Problem(
            "json.not_json", offset=int(np.argmax(wrong)) if wrong.any() else len(letters)
        )
    return quote, inside


def _escapes(letters: Bytes) -> Ints:
    """Where a backslash escapes what follows it; each must escape something known."""
    backslashes = np.flatnonzero(letters == ord("\\"))
    if not len(backslashes):
        return backslashes
    # In a run of backslashes every other one escapes, the first to begin with.
    new_run = np.diff(backslashes, prepend=-2) != 1
    first = np.maximum.accumulate(np.where(new_run, np.arange(len(backslashes)), 0))
    escapes: Ints = backslashes[(np.arange(len(backslashes)) - first) % 2 == 0]
    padded = np.append(letters, np.zeros(6, np.uint8))
    escaped = padded[escapes + 1]
    unicode = escapes[escaped == ord("u")]
    digits = padded[unicode[:, None] + np.arange(2, 6)]
    faults = np.concatenate(
        [escapes[~_MAY_BE_ESCAPED[escaped]], unicode[~_IS_HEX[digits].all(axis=1)]]
    )
    if len(faults):
        raise Problem("json.not_json", offset=int(faults.min()))
    return escapes


def _depths(kind: NDArray[np.uint8], start: Ints, deepest: int) -> Ints:
    """How many brackets each token stands in."""
    step = _STEP[kind]
    after = np.cumsum(step, dtype=np.int64)
    if after.max() > deepest:
        raise Problem("json.too_deep", deepest=deepest)
    outermost = np.flatnonzero(after <= 0)
    if step[0] != 1 or len(outermost) != 1 or after[-1] != 0:
        place = int(outermost[0]) if len(outermost) and step[0] == 1 else -1
        raise Problem("json.not_json", offset=int(start[place]))
    depths: Ints = after - step
    return depths


def _containers(kind: NDArray[np.uint8], depth: Ints) -> Ints:
    """The opening bracket that each token stands in; -1 for the outermost one.

    A token at one depth stands in the last bracket that was opened one bracket further out.
    """
    container = np.full(len(kind), -1, np.int64)
    opens = _STEP[kind] > 0
    for inner in range(1, int(depth.max(initial=0)) + 1):
        brackets = np.flatnonzero(opens & (depth == inner - 1))
        here = np.flatnonzero(depth == inner)
        # A closing bracket's depth is that of what it encloses, so that it is found here too.
        container[here] = brackets[np.searchsorted(brackets, here) - 1]
    return container


def _name_kinds(kind: NDArray[np.uint8], container: Ints) -> None:
    """Tell commas of objects from those of lists, and keys from other strings, in place."""
    in_object = kind[np.maximum(container, 0)] == Kind.OPEN_OBJECT
    commas = kind == Kind.COMMA_LIST
    kind[commas & in_object] = Kind.COMMA_OBJECT
    keys = kind[1:] == Kind.STRING
    keys &= (kind[:-1] == Kind.COMMA_OBJECT) | (kind[:-1] == Kind.OPEN_OBJECT)
    kind[1:][keys] = Kind.KEY


def _check_grammar(found: Tokens) -> None:
    kind = found.kind
    wrong = np.zeros(len(kind), np.bool_)
    wrong[1:] = ~_ALLOWED[kind[:-1], kind[1:]]
    closes = np.flatnonzero(_STEP[kind] < 0)
    wrong[closes] |= kind[closes] - kind[found.container[closes]] != 2
    if wrong.any():
        raise Problem("json.not_json", offset=int(found.start[np.argmax(wrong)]))
    words = np.flatnonzero(kind == Kind.BARE)
    text = found.text
    spans = zip(found.start[words].tolist(), found.end[words].tolist(), strict=True)
    known: set[bytes] = set()
    for first, last in spans:
        word = text[first:last]
        if word not in known:
            if not _WORD.fullmatch(word):
                raise Problem("json.not_json", offset=first)
            known.add(word)
