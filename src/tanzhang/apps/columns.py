"""The class of every column, after JR/T 0171-2020, and what protects it where it is personal.

``columns.yaml`` says it, table by table. A test reads the live schema and refuses a column without
a class, a column that is not there any more, and a class whose protection is too weak for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml


class DataClass(StrEnum):
    """How much harm a column can do in the wrong hands (JR/T 0171-2020, 4.2)."""

    NONE = "none"  #: says nothing of a person
    C1 = "C1"  #: about a person, but it names nobody
    C2 = "C2"  #: names a person, or shows her finances: phone, name, id number, account number
    C3 = "C3"  #: lets somebody act as her: password, one-time code, biometrics, card track


class Protection(StrEnum):
    """What stands between a personal column and whoever copies the table."""

    NOTHING = ""  #: nothing personal is there
    PSEUDONYM = "pseudonym"  #: the row names opaque numbers and values only
    BOUNDED = "bounded"  #: kept for a fixed time, then removed
    STAFF = "staff"  #: of the operator's and partners' people at their work, not of citizens
    WORDS = "words"  #: written freely about one person; taken away when she is erased
    REMARKS = "remarks"  #: written freely, by rule about nobody; looked through after an erasure
    KEYED_HASH = "keyed hash"  #: keyed SM3; who lacks the key cannot guess it back
    SEALED = "sealed"  #: SM4-GCM under a key that is not in the database
    ONE_WAY = "one-way hash"  #: can only be compared: slow, or keyed and short-lived


#: What is enough for each class.
ENOUGH: Final[Mapping[DataClass, frozenset[Protection]]] = {
    DataClass.NONE: frozenset({Protection.NOTHING}),
    DataClass.C1: frozenset(
        {Protection.PSEUDONYM, Protection.BOUNDED, Protection.STAFF, Protection.KEYED_HASH}
        | {Protection.SEALED, Protection.WORDS, Protection.REMARKS}
    ),
    DataClass.C2: frozenset({Protection.KEYED_HASH, Protection.SEALED}),
    DataClass.C3: frozenset({Protection.ONE_WAY}),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column's class and protection."""

    data_class: DataClass
    protection: Protection

    @property
    def is_protected(self) -> bool:
        """Whether the protection is enough for the class."""
        return self.protection in ENOUGH[self.data_class]


def parsed(said: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[tuple[str, str], Column]:
    """Table and column -> its class, from ``{table: {"C2 sealed": [column, ...]}}``.

    Raises ``ValueError`` for an unknown class or protection and for a column that is said twice.
    """
    found: dict[tuple[str, str], Column] = {}
    for table, kinds in said.items():
        for kind, names in kinds.items():
            data_class, _, protection = kind.partition(" ")
            column = Column(DataClass(data_class), Protection(protection))
            for name in names:
                if (table, name) in found:
                    raise ValueError(f"{table}.{name} has two classes")
                found[table, name] = column
    return found


@cache
def classified() -> Mapping[tuple[str, str], Column]:
    """Every column's class, as ``columns.yaml`` says it."""
    said: Any = yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text("utf-8"))
    return parsed(said)


def lines_for(columns: Iterable[tuple[str, str]]) -> str:
    """Columns without a class, in the form of ``columns.yaml``, for somebody to sort."""
    tables: dict[str, list[str]] = {}
    for table, name in columns:
        tables.setdefault(table, []).append(name)
    return "\n".join(
        f"{table}:\n  CLASS PROTECTION: [{', '.join(names)}]"
        for table, names in sorted(tables.items())
    )
