"""Fields of events as columns, with what is wrong with them noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tanzhang.apps.activities.intake.faults import Faults
from tanzhang.apps.activities.intake.seals import Opener, unsealed, whole_number
from tanzhang.engine.jsontext import Integers, Kind, Records, integers, is_null, texts
from tanzhang.engine.rules import Flags, Ints

_PARTS = ("enc", "iv", "ct", "tag")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a batch's events. ``null`` says the same as leaving a field out.

    ``unwrap`` gives the opener of sealed fields, or the fault that all of them share.
    """

    events: Records
    faults: Faults
    unwrap: Callable[[], Opener | str]
    named: dict[str, pl.Series] = field(default_factory=dict)  #: sources and ids, for sealed fields

    def text(self, *path: str, may_be_sealed: bool = False) -> pl.Series:
        """A field of text; null where it is left out or not usable."""
        at = self._present(path)
        column = texts(self.events.tokens, at)
        self.faults.note(self._other_than(Kind.STRING, at, path, may_be_sealed), "value_type_wrong")
        if may_be_sealed:
            opened = self._opened(at, path)
            if opened:
                column = column.scatter([*opened], [*opened.values()])
        return column

    def number(self, *path: str, may_be_sealed: bool = False) -> Integers:
        """A field of whole numbers."""
        at = self._present(path)
        wrong = self._other_than(Kind.BARE, at, path, may_be_sealed)
        sealed = at.copy()
        at[wrong | (self._kinds(at) == Kind.OPEN_OBJECT)] = -1
        column = integers(self.events.tokens, at)
        self.faults.note(wrong | column.no_number, "value_type_wrong")
        self.faults.note(column.not_whole, "number_not_whole")
        self.faults.note(column.too_large, "number_too_large")
        if may_be_sealed:
            for row, text in self._opened(sealed, path).items():
                value = whole_number(text)
                if value is None:
                    self.faults.note(self._only(row), "number_not_whole")
                else:
                    column.values[row], column.given[row] = value, True
        return column

    def object(self, *path: str) -> Flags:
        """Where a field is an object."""
        at = self._present(path)
        self.faults.note(self._other_than(Kind.OPEN_OBJECT, at, path, True), "value_type_wrong")
        return at >= 0

    def _present(self, path: tuple[str, ...]) -> Ints:
        at = self.events.field(*path)
        return np.where(is_null(self.events.tokens, at), -1, at)

    def _kinds(self, at: Ints) -> Ints:
        """The kind of token at each place; -1 where there is none."""
        return np.where(at >= 0, self.events.tokens.kind[at].astype(np.int64), -1)

    def _other_than(
        self, kind: Kind, at: Ints, path: tuple[str, ...], may_be_sealed: bool
    ) -> Flags:
        """Where something else stands than this kind, or a sealed value where one may be."""
        kinds = self._kinds(at)
        is_object = kinds == Kind.OPEN_OBJECT
        if not may_be_sealed and is_object.any():
            self.faults.note(is_object & (self.events.field(*path, "enc") >= 0), "seal_misplaced")
        wrong: Flags = (kinds >= 0) & (kinds != kind) & ~(is_object & may_be_sealed)
        return wrong

    def _opened(self, at: Ints, path: tuple[str, ...]) -> dict[int, str]:
        """What the sealed values of a field say, by event; faults are noted."""
        sealed = (self._kinds(at) == Kind.OPEN_OBJECT) & self.faults.none
        if not sealed.any():
            return {}
        opener = self.unwrap()
        if isinstance(opener, str):
            self.faults.note(sealed, opener)
            return {}
        rows = np.flatnonzero(sealed)
        tokens = self.events.tokens
        parts = [texts(tokens, self.events.field(*path, part)[rows]).to_list() for part in _PARTS]
        sources, ids = (self.named[name].gather(rows).to_list() for name in ("source", "id"))
        pointer = "/" + "/".join(path)
        found, faults = unsealed(opener, pointer, sources, ids, [*zip(*parts, strict=True)])
        for row, fault in zip(rows.tolist(), faults, strict=True):
            if fault is not None:
                self.faults.note(self._only(row), fault)
        pairs = zip(rows.tolist(), found, strict=True)
        return {row: text for row, text in pairs if text is not None}

    def _only(self, row: int) -> Flags:
        only = np.zeros(len(self.events), np.bool_)
        only[row] = True
        return only
