"""Where the records of a CSV text begin and end (RFC 4180), found without trusting the text.

A whole block is scanned at once with NumPy: quotes toggle between inside and outside, and line ends
outside end a record. That is exact as long as every quote stands where a quote may stand. If one
does not, the block is walked record by record, so that a stray quote costs its own line and not the
rest of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanzhang.engine.rules import Ints

_QUOTE, _NEWLINE, _RETURN = 0x22, 0x0A, 0x0D


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one block of bytes: ``data[start:end]`` without the line end, and their cells.

    ``broken`` are lines that are no record, as (start, code), in order. ``used`` is how many bytes
    are dealt with; the rest waits for the next block. ``skipping``: the block ended inside an
    over-long line, whose remaining bytes are to be dropped.
    """

    starts: Ints
    ends: Ints
    cells: Ints
    used: int
    broken: tuple[tuple[int, str], ...] = ()
    skipping: bool = False


class Splitter:
    """Cuts blocks into records for one delimiter; records longer than ``longest`` are broken."""

    def __init__(self, delimiter: str, longest: int) -> None:
        self._delimiter = ord(delimiter)
        self._longest = longest
        apart = re.escape(delimiter).encode()
        quoted = rb'"[^"]*+(?:""[^"]*+)*+"'
        cell = rb"(?:" + quoted + rb'|[^"\n' + apart + rb"]*+)"
        self._record = re.compile(cell + rb"(?:" + apart + cell + rb")*+\r?(?:\n|\Z)")
        self._quoted = re.compile(quoted)

    def split(self, data: bytes, *, last: bool) -> Records:
        """The records of ``data``; ``last`` says that nothing follows."""
        records = self._at_once(data, last)
        if records is None:
            return self._one_by_one(data, last)
        return records

    def _at_once(self, data: bytes, last: bool) -> Records | None:
        """All records, or None where a quote or a length asks for care."""
        octets = np.frombuffer(data, np.uint8)
        quotes = octets == _QUOTE
        marks = np.flatnonzero(quotes | (octets == self._delimiter) | (octets == _NEWLINE))
        quoted = quotes[marks]
        inside = np.cumsum(quoted) % 2 == 1  # after this mark
        if not self._sound(octets, marks[quoted], inside[quoted]):
            return None
        outside = ~inside & ~quoted
        line_ends = outside & (octets[marks] == _NEWLINE)
        ends = marks[line_ends]
        apart = np.cumsum(outside & ~line_ends)
        counted = apart[line_ends]
        used = int(ends[-1]) + 1 if len(ends) else 0
        if last and used < len(data):
            if len(inside) and inside[-1]:
                return None  # the last quote never closes
            ends = np.append(ends, len(data))
            counted = np.append(counted, apart[-1] if len(apart) else 0)
            used = len(data)
        starts = np.concatenate((np.zeros(min(1, len(ends)), np.int64), ends[:-1] + 1))
        longest = max(int((ends - starts).max(initial=0)), len(data) - used)
        if longest > self._longest:
            return None
        cells = np.diff(counted, prepend=0) + 1
        return Records(starts, self._without_return(octets, starts, ends), cells, used)

    def _sound(self, octets: NDArray[np.uint8], places: Ints, opens: NDArray[np.bool_]) -> bool:
        """Whether every quote stands at an edge of a cell, or is one of a pair inside it."""
        before = np.where(places > 0, octets[places - 1], _NEWLINE)
        following = np.append(octets, np.array([_NEWLINE, _NEWLINE], np.uint8))
        after, beyond = following[places + 1], following[places + 2]
        edge = np.array([self._delimiter, _NEWLINE, _QUOTE])
        begins = np.isin(before, edge)
        ends = np.isin(after, edge) | ((after == _RETURN) & (beyond == _NEWLINE))
        return bool(np.where(opens, begins, ends).all())

    @staticmethod
    def _without_return(octets: NDArray[np.uint8], starts: Ints, ends: Ints) -> Ints:
        if not len(ends):
            return ends
        returns = (ends > starts) & (octets[ends - 1] == _RETURN)
        trimmed: Ints = ends - returns
        return trimmed

    def _one_by_one(self, data: bytes, last: bool) -> Records:
        found: list[tuple[int, int, int]] = []
        broken: list[tuple[int, str]] = []
        place, skipping = 0, False
        while place < len(data):
            limit = min(len(data), place + self._longest + 1)
            content, following = self._record_at(data, place, limit, last)
            if content is not None:
                cells = self._quoted.sub(b"", content).count(self._delimiter) + 1
                found.append((place, place + len(content), cells))
                place = following
            elif limit == len(data) and not last and len(data) - place <= self._longest:
                break  # the record may be completed by the next block
            else:
                line_end = data.find(b"\n", place)
                over = (len(data) if line_end < 0 else line_end) - place > self._longest
                broken.append((place, "line_too_long" if over else "malformed_row"))
                skipping = line_end < 0 and not last
                place = len(data) if line_end < 0 else line_end + 1
        starts, ends, counts = np.array(found, np.int64).reshape(-1, 3).T
        return Records(starts, ends, counts, place, tuple(broken), skipping)

    def _record_at(
        self, data: bytes, place: int, limit: int, last: bool
    ) -> tuple[bytes | None, int]:
        """The whole record that begins here without its line end, and where the next begins."""
        found = self._record.match(data, place, limit)
        if found is None:
            return None, place
        ended = found[0].endswith(b"\n") or (last and found.end() == len(data))
        content = found[0].removesuffix(b"\n").removesuffix(b"\r")
        return (content if ended else None), found.end()
