"""What a recogniser says, as plain values.

``read`` makes these from a YAML file and ``apply`` obeys them. Columns are the host's own; whatever
a rule may ask of a code is listed here, and nothing is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tanzhang.engine.mapping import FieldMapping
from tanzhang.engine.packs import Text


@dataclass(frozen=True, slots=True)
class CodeTest:
    """What one column has to hold; every part that is given must be so, and a value must be there.

    ``among``: one of these codes. ``begins``: it begins with one of these. ``between``: it has as
    many digits as these two numbers and lies between them, both included. ``without``: none of
    these codes. ``above``: it is a number greater than this.
    """

    among: frozenset[str] | None = None
    begins: tuple[str, ...] = ()
    between: tuple[str, str] | None = None
    without: frozenset[str] = frozenset()
    above: Fraction | None = None


#: Column -> what it has to hold; all of them together.
When = Mapping[str, CodeTest]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of transaction that is an act of a scene, and how its row is read.

    ``take_back`` reads the row that reverses such a transaction; None where the host has none.
    """

    id: str
    title: Text
    scene: str
    when: When
    act: FieldMapping
    take_back: FieldMapping | None


@dataclass(frozen=True, slots=True)
class Recogniser:
    """All rules of one host, of which at most one fits any row (see ``overlaps``).

    Only transactions that are ``complete`` count. Those that are ``reversed`` take back the act of
    the transaction that they name; the others are acts.
    """

    id: str
    version: str
    title: Text
    programme: str
    partner: str
    columns: tuple[str, ...]
    complete: When
    reversed: When | None
    rules: tuple[Rule, ...]

    @property
    def scenes(self) -> tuple[str, ...]:
        """Every scene that a rule names, once, in the order of the file."""
        return tuple(dict.fromkeys(rule.scene for rule in self.rules))
