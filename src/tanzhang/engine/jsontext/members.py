"""Which member stands where in the records of a list: names, paths, repetitions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.jsontext.tokens import Kind, Tokens
from tanzhang.engine.rules import Flags, Ints


@dataclass(frozen=True, slots=True)
class Members:
    """One row for each member anywhere in a text, in its order.

    ``record`` is the record that a member is part of (-1: none), ``value`` the token of its value,
    ``name`` an index of ``names``, ``parent`` the row of the member whose object it stands in (-1:
    it stands in no member's object) and ``own`` whether it is a member of the record itself.
    """

    names: Sequence[str]
    name: Ints
    value: Ints
    record: Ints
    parent: Ints
    own: Flags
    container: Ints

    def below(self, *path: str) -> Flags:
        """The members of the object at ``path``; of the records themselves for no path."""
        if not path:
            return self.own
        above = self.named(self.below(*path[:-1]), path[-1])
        rows: Flags = (self.parent >= 0) & above[np.maximum(self.parent, 0)]
        return rows

    def named(self, rows: Flags, name: str) -> Flags:
        """Those of the rows that have this name."""
        if name not in self.names:
            return np.zeros(len(rows), np.bool_)
        found: Flags = rows & (self.name == self.names.index(name))
        return found

    def repeated(self) -> Flags:
        """The members whose object has another one of the same name."""
        key = self.container * len(self.names) + self.name
        ordered = np.sort(key)
        return np.isin(key, ordered[1:][ordered[1:] == ordered[:-1]])


@dataclass(frozen=True, slots=True)
class Records:
    """The values of one list as records: the token at which each begins, and all members."""

    tokens: Tokens
    begin: Ints
    members: Members

    def __len__(self) -> int:
        return len(self.begin)

    def field(self, *path: str) -> Ints:
        """The token of each record's value at ``path``; -1 where there is none."""
        found = np.full(len(self), -1, np.int64)
        rows = self.members.named(self.members.below(*path[:-1]), path[-1])
        found[self.members.record[rows]] = self.members.value[rows]
        return found

    def compact(self) -> list[bytes]:
        """The text of each record as it was sent, but for white space between tokens."""
        tokens = self.tokens
        inside = np.isin(tokens.kind, (Kind.STRING, Kind.KEY))
        first = tokens.start[self.begin] - inside[self.begin]
        last = self._last()
        until = tokens.end[last] + inside[last]
        text = tokens.text
        if tokens.blank.any():
            kept = ~tokens.blank
            text = np.frombuffer(text, np.uint8)[kept].tobytes()
            place = np.concatenate([[0], np.cumsum(kept)])
            first, until = place[first], place[until]
        return [text[a:b] for a, b in zip(first.tolist(), until.tolist(), strict=True)]

    def _last(self) -> Ints:
        """The token with which each record ends: the one before the next comma of the list."""
        if not len(self.begin):
            return self.begin
        container = self.tokens.container[self.begin[0]]
        after = np.isin(self.tokens.kind, (Kind.COMMA_LIST, Kind.CLOSE_LIST))
        return np.flatnonzero(after & (self.tokens.container == container)) - 1


def records(tokens: Tokens, list_token: int) -> Records:
    """The values of the list that opens at ``list_token``."""
    standing = tokens.container == list_token
    begin = np.flatnonzero(standing & tokens.is_value)
    close = int(np.flatnonzero(standing & (tokens.kind == Kind.CLOSE_LIST))[0])
    keys = np.flatnonzero(tokens.kind == Kind.KEY)
    record = np.searchsorted(begin, keys, side="right") - 1
    record[keys > close] = -1
    names, name = _names(tokens, keys)
    container = tokens.container[keys]
    above = container - 2  # an object that is a member's value follows a key and a colon
    is_member = (above > 0) & (tokens.kind[np.maximum(container - 1, 0)] == Kind.COLON)
    parent = np.where(is_member, np.searchsorted(keys, np.where(is_member, above, 0)), -1)
    own = (record >= 0) & (container == begin[record] if len(begin) else False)
    return Records(tokens, begin, Members(names, name, keys + 2, record, parent, own, container))


def _names(tokens: Tokens, keys: Ints) -> tuple[list[str], Ints]:
    """Every name once, and which one each key is; escapes make no difference."""
    text = tokens.text
    spans = zip(tokens.start[keys].tolist(), tokens.end[keys].tolist(), strict=True)
    codes: dict[bytes, int] = {}
    raw = np.array([codes.setdefault(text[a:b], len(codes)) for a, b in spans], np.int64)
    plain = [json.loads(b'"' + name + b'"') for name in codes]
    names = {name: place for place, name in enumerate(dict.fromkeys(plain))}
    meant = np.array([names[name] for name in plain], np.int64)
    return [*names], meant[raw] if len(raw) else raw
