"""A pack as its author wrote it: read and checked line by line, not yet compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tanzhang.engine.authenticity.rules import Authenticity, Check, Pattern
from tanzhang.engine.formula import Expression
from tanzhang.engine.packs.faults import Place
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.rules import FOR_EVER, Bound, Limit
from tanzhang.engine.units import Unit

FACTOR_KINDS = ("standard", "published", "secondary", "assumption")
CONFIDENCES = ("A", "B", "C", "D")
STANDARD_KINDS = ("programme", "group", "industry", "local", "national", "international", "report")
LIFE_STAGES = ("production", "use", "recovery")
STATUSES = ("draft", "reviewed", "published", "superseded", "retired")
#: Why an input is sensitive (PIPL 28): its owner is asked for it by itself.
SENSITIVE_KINDS = ("health", "location", "financial")
#: What a factor is worth past its ``valid_until``, in the author's words.
CONSERVATIVE_RULES = ("keep", "lowest", "highest", "zero")

#: A day before every day that an act can have.
LONG_AGO = -(2**31)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a figure comes from: kept beside it to the citizen's screen."""

    kind: str  #: standard, published, secondary or assumption
    source: Text  #: the document that states it, or on what an assumption rests
    confidence: str  #: A official or direct quote, B several agree, C one secondary, D recalled


@dataclass(frozen=True, slots=True)
class Written:
    """An exact value in canonical units, and its digits as written in the file."""

    value: Fraction
    digits: str


@dataclass(frozen=True, slots=True)
class Spell:
    """A factor's rows in force for local days [first, end)."""

    first: int
    end: int
    rows: tuple[Written, ...]
    mark: Mark
    label: str = ""  #: the year of a yearly factor; past the last valid day, that year or day
    rule: str = ""  #: the conservative rule that holds past the last valid day


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor with its history; the spells follow each other without gaps."""

    name: str
    title: Text
    unit: Unit
    spells: tuple[Spell, ...]
    place: Place
    by: str = ""  #: the categorical input or evidence_grade that chooses a row
    row_names: tuple[str, ...] = ()
    note: Text | None = None

    def on(self, day: int) -> Spell | None:
        """The spell in force on a local day."""
        return next((s for s in self.spells if s.first <= day < s.end), None)


@dataclass(frozen=True, slots=True)
class InputEntry:
    """An activity datum that a partner reports."""

    name: str
    title: Text
    unit: Unit | None  #: None for a categorical input
    minimum: int
    maximum: int
    required: bool
    default: int
    values: tuple[str, ...]
    value_titles: tuple[Text, ...]
    place: Place
    sensitive: str = ""  #: one of SENSITIVE_KINDS where the law asks for a consent of its own


@dataclass(frozen=True, slots=True)
class Window:
    """A look-back over the days before the act (rules.LookBack)."""

    name: str
    title: Text
    input: str
    days: int
    take: str
    gaps: str
    place: Place


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """A limit with its mark."""

    rules: Limit
    mark: Mark
    note: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class BoundEntry:
    """A bound with its mark."""

    rules: Bound
    mark: Mark
    place: Place


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule against fabricated acts, the sentence that a citizen reads of it, and its mark."""

    name: str
    rules: Check | Pattern
    says: Text
    mark: Mark
    place: Place


@dataclass(frozen=True, slots=True)
class AuthenticityEntry:
    """What a pack says against fabricated acts; checks and patterns in the order of ``rules``."""

    rules: Authenticity
    checks: tuple[RuleEntry, ...]
    patterns: tuple[RuleEntry, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One named line of the formula."""

    name: str
    title: Text
    text: str
    expression: Expression
    place: Place


NamedEntry = InputEntry | Window | Factor | StepEntry


@dataclass(frozen=True, slots=True)
class Review:
    """Who checked the pack, when, and what was checked."""

    by: Text
    on: int
    what: Text | None


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs and the exact result, with where the expected figure comes from."""

    inputs: Mapping[str, str | tuple[str, ...]]
    on: int | None
    reduction_mg: int
    source: Text
    place: Place


@dataclass(frozen=True, slots=True)
class PackDefinition:
    """One version of a pack."""

    id: str
    version: str
    title: Text
    summary: Text | None
    issuer: Text
    document: Text
    document_number: str
    standard: str
    stage: str
    region: str
    valid_from: int
    valid_to: int
    status: str
    author: str
    review: Review | None
    supersedes: str
    inputs: tuple[InputEntry, ...]
    windows: tuple[Window, ...]
    factors: tuple[Factor, ...]
    steps: tuple[StepEntry, ...]
    conflict_class: str
    item_key: Text | None
    limits: tuple[LimitEntry, ...]
    bounds: tuple[BoundEntry, ...]
    crediting: Text | None  #: the crediting period that the source states
    durable_months: int | None  #: for durable goods: how many months of use one purchase credits
    notes: Text | None
    explanation: Text
    zero_by_design: bool
    examples: tuple[Example, ...]
    authenticity: AuthenticityEntry | None
    place: Place

    @property
    def named(self) -> tuple[NamedEntry, ...]:
        """Everything that a sentence or a formula can name, in the order of the file."""
        return (*self.inputs, *self.windows, *self.factors, *self.steps)

    @property
    def for_ever(self) -> bool:
        """Whether the version has no end yet."""
        return self.valid_to == FOR_EVER
