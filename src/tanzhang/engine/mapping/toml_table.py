"""A TOML table read key by key, so that a wrong, missing or unknown key is named with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Never

from tanzhang.engine.mapping.numbers import LARGEST_FACTOR_PART
from tanzhang.engine.mapping.toml_lines import Path, line_of
from tanzhang.problems import Problem

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass
class Table:
    """One table of a mapping. Reading a key marks it as known; ``close`` refuses the others."""

    file: str
    text: str = field(repr=False)
    path: Path
    values: dict[str, Any]
    read: set[str] = field(default_factory=set)

    def refuse(self, key: str, expected: str) -> Never:
        """Say that ``key`` of this table does not hold what it should."""
        path = (*self.path, key) if key else self.path
        name = ".".join(str(part) for part in path)
        line = line_of(self.text, path)
        raise Problem(
            "imports.map_value_wrong", map=self.file, line=line, key=name, expected=expected
        )

    def has(self, key: str) -> bool:
        return key in self.values

    def string(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._value(key, default, "text in quotes")
        if not isinstance(value, str) or not value:
            self.refuse(key, "text in quotes that is not empty")
        return value

    def optional(self, key: str) -> str | None:
        """A text, or None if the key is absent."""
        self.read.add(key)
        return self.string(key) if self.has(key) else None

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self._value(key, default, f"one of {', '.join(allowed)}")
        if value not in allowed:
            self.refuse(key, f"one of {', '.join(allowed)}")
        return str(value)

    def strings(self, key: str, exactly: int | None = None) -> tuple[str, ...]:
        """A list of texts, at least one, or exactly so many."""
        expected = f"a list of {exactly} texts" if exactly else "a list of texts"
        value = self._value(key, None, expected)
        sound = isinstance(value, list) and value and all(isinstance(v, str) for v in value)
        if not sound or (exactly and len(value) != exactly):
            self.refuse(key, expected)
        return tuple(value)

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        expected = f"a whole number from {least} to {most}"
        value = self._value(key, default, expected)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(key, expected)
        return value

    def exact(self, key: str) -> Fraction:
        """A number exactly as it is written."""
        value = self._value(key, None, "a number")
        finite = isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())
        if isinstance(value, bool) or not finite:
            self.refuse(key, "a number")
        if isinstance(value, Decimal) and abs(value.adjusted()) > 12:
            self.refuse(key, "a number between 10^-12 and 10^12")
        number = Fraction(value)
        if max(abs(number.numerator), number.denominator) > LARGEST_FACTOR_PART:
            self.refuse(key, "a number with at most 12 digits")
        return number

    def flag(self, key: str, default: bool) -> bool:
        value = self._value(key, default, "true or false")
        if not isinstance(value, bool):
            self.refuse(key, "true or false")
        return value

    def table(self, key: str) -> Table:
        value = self._value(key, None, "a table")
        if not isinstance(value, dict):
            self.refuse(key, "a table")
        return Table(self.file, self.text, (*self.path, key), value)

    def tables(self, key: str) -> list[Table]:
        """A list of tables, empty if the key is absent."""
        value = self._value(key, [], "a list of tables")
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.refuse(key, "a list of tables")
        return [
            Table(self.file, self.text, (*self.path, key, place), inner)
            for place, inner in enumerate(value)
        ]

    def exactly_one(self, *keys: str) -> str:
        """Which of ``keys`` is present; refused unless it is just one."""
        present = [key for key in keys if self.has(key)]
        if len(present) != 1:
            self.refuse("", f"exactly one of {', '.join(keys)}")
        return present[0]

    def close(self) -> None:
        """Refuse keys that nobody has read: a slip of the pen must not pass for a rule."""
        for key in self.values:
            if key not in self.read:
                path = (*self.path, key)
                name = ".".join(str(part) for part in path)
                known = ", ".join(sorted(self.read))
                line = line_of(self.text, path)
                raise Problem(
                    "imports.map_key_unknown", map=self.file, line=line, key=name, known=known
                )

    def _value(self, key: str, default: Any, expected: str) -> Any:
        self.read.add(key)
        if key in self.values:
            return self.values[key]
        if default is None:
            path = (*self.path, key)
            name = ".".join(str(part) for part in path)
            line = line_of(self.text, self.path)
            raise Problem(
                "imports.map_key_missing", map=self.file, line=line, key=name, expected=expected
            )
        return default


def parse(text: str, file: str) -> Table:
    """The outermost table of a mapping; decimals stay exact."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else max(1, len(text.split("\n")))
        detail = _AT_LINE.sub("", str(error)).strip()
        raise Problem("imports.map_not_toml", map=file, line=line, detail=detail) from error
    return Table(file, text, (), values)
