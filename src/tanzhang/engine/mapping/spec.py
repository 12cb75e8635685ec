"""What a field mapping says, as plain values: how a row of somebody's file becomes an act.

``tanzhang.engine.mapping.read`` makes these from a TOML file and ``apply`` reads them. Column names
are the file's own; everything that a mapping may say is listed here and nothing else is possible:
a mapping is data and is never evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from fractions import Fraction

#: Kinds of file that can be read.
KINDS = ("csv", "jsonl", "parquet")

#: Time formats that are names, not patterns.
NAMED_FORMATS = ("iso", "unix_s", "unix_ms", "unix_us")

AMBIGUOUS = ("reject", "hold", "earlier", "later")
MISSING = ("reject", "hold", "shift_forward")

#: Instants outside [2000, 2100) are slips of a clock or of a format unless a mapping widens this.
DEFAULT_NOT_BEFORE_US = 946_684_800_000_000
DEFAULT_NOT_AFTER_US = 4_102_444_800_000_000


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How the file is written and what its clock means.

    ``ambiguous`` and ``missing`` settle local times that occur twice or never when clocks change;
    instants outside [``not_before_us``, ``not_after_us``) are refused.
    """

    kind: str | None
    delimiter: str
    time_zone: str
    ambiguous: str
    missing: str
    not_before_us: int = DEFAULT_NOT_BEFORE_US
    not_after_us: int = DEFAULT_NOT_AFTER_US
    #: How far a gzipped file may unpack; None: as far as any file may.
    unpacked_mib: int | None = None
    ratio: int | None = None


@dataclass(frozen=True, slots=True)
class ExternalId:
    """The partner's name of the event: a column, or the SM3 digest of what the row says.

    ``digest`` is None for a column, a tuple of columns for a digest of these, and an empty tuple
    for a digest of the whole row.
    """

    column: str | None
    digest: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whose act it is: a column, or a made-up person by hash of columns modulo ``modulo``.

    ``enrol``: people whom the programme does not know yet are enrolled. ``fictitious``: they are
    not real people, and everything that shows them says so.
    """

    column: str | None
    hashed: tuple[str, ...]
    modulo: int
    prefix: str
    enrol: bool
    fictitious: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A constant, or a column whose values are looked up (``other`` where the table has none)."""

    constant: str | int | None
    column: str | None
    values: Map[str, str | int] = field(default_factory=dict)
    other: str | int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time in one column, or in several that are read with a space between them."""

    columns: tuple[str, ...]
    format: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a column, times ``factor``, as a whole number rounded half to even."""

    column: str
    factor: Fraction


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """Metres between two places (latitude, longitude columns) times a stated detour factor."""

    start: tuple[str, str]
    end: tuple[str, str]
    detour: Fraction


@dataclass(frozen=True, slots=True)
class InputRule:
    """Where an input of the methodology comes from, in its canonical integer unit.

    A negative value is refused unless ``negative`` allows it; a row without a value is refused if
    ``required``, and otherwise the act is reported without this input.
    """

    name: str
    source: Number | GreatCircle | Choice
    required: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The row takes its event back where ``column`` holds one of ``values``."""

    column: str
    values: tuple[str, ...]


# --- conditions of named rules ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Same:
    """Two columns hold the same value (two empty ones do not)."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Empty:
    """A column holds nothing."""

    column: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A column holds one of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """A column holds a number above ``above`` or below ``below``, whichever is given."""

    column: str
    above: Fraction | None
    below: Fraction | None


@dataclass(frozen=True, slots=True)
class Lasts:
    """The act lasts longer than ``over_s`` or shorter than ``under_s`` seconds."""

    over_s: int | None
    under_s: int | None


@dataclass(frozen=True, slots=True)
class Combined:
    """All, any or none of several conditions."""

    how: str
    parts: tuple[Condition, ...]


Condition = Same | Empty | OneOf | Outside | Lasts | Combined


@dataclass(frozen=True, slots=True)
class NamedRule:
    """Rows for which ``when`` holds are refused or held, with a name and a sentence why."""

    code: str
    hold: bool
    when: Condition
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """A whole mapping; ``columns.columns_of`` lists the columns that it reads."""

    id: str
    title_en: str
    title_zh: str
    programme: str | None
    partner: str | None
    file: FileFormat
    external_id: ExternalId
    person: Person
    scene: Choice
    started: Moment
    #: None: the act is an instant. A Number gives the duration in microseconds.
    ended: Moment | Number | None
    grade: Choice
    item_key: str | None
    revision: str | None
    withdrawn: Withdrawn | None
    inputs: tuple[InputRule, ...]
    rules: tuple[NamedRule, ...]
    #: What a device or a gate noticed: numbers and choices, and columns of tokens by name.
    signals: tuple[InputRule, ...] = ()
    tokens: Map[str, str] = field(default_factory=dict)
