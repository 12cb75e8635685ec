"""Accepted facts as columns, and what settlement says of them.

A *fact* is the highest accepted revision of one event. ``Acts`` holds one fact a row; every column
has the same length and holds integers. The caller turns 16-byte keys into ranks, so that settlement
compares small numbers: ``key`` must rise exactly as the event keys do when they are compared as
unsigned bytes, and ``item`` must be equal exactly where the item keys are (0: none).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

from tanzhang.engine.rules import Flags, Ints


class State(IntEnum):
    """What is known of a fact apart from its content."""

    LIVE = 0
    WITHDRAWN = 1
    HELD = 2


class Status(IntEnum):
    """The current outcome of an event; exactly these six (design §10.18)."""

    CREDITED = 0
    LIMITED = 1
    DUPLICATE = 2
    REJECTED = 3
    HELD = 4
    WITHDRAWN = 5


class Reason(IntEnum):
    """Why an outcome is not a plain credit. A bound's reason is BOUND + its place in the pack."""

    NONE = 0
    WITHDRAWN = 1
    HELD = 2
    NO_PACK = 3
    NO_CONSENT = 4
    BEFORE_JOINING = 5
    BEFORE_ACTIVATION = 6
    AFTER_END = 7
    MISSING_INPUT = 8
    ENDS_BEFORE_START = 9
    MISSING_KEY = 10
    LOOK_BACK_GAP = 11
    ZERO_DIVISOR = 12
    CLAIM = 13
    ONCE = 14
    OVERLAP = 15
    LIMIT = 16
    BOUND = 100


@dataclass(frozen=True, slots=True)
class Acts:
    """Facts to settle, one a row, in any order."""

    subject: Ints  #: subject id
    account: Ints  #: account id; an account belongs to one subject and one programme
    key: Ints  #: rank of the event key among all keys here, compared as unsigned bytes
    programme: Ints  #: index into the rulebook's programmes
    pack: Ints  #: index into the rulebook's packs
    scene: Ints  #: a number that is equal where the scene is
    started_us: Ints  #: microseconds since 1970 UTC
    ended_us: Ints
    grade: Ints  #: evidence grade; higher is stronger evidence
    item: Ints  #: equal where the item key is; 0 where there is none
    state: Ints  #: State
    consent: Flags  #: consent for the act's source was live over the whole act
    joined_day: Ints  #: the account's joining day, a local day of its programme
    inputs: Ints  #: (acts, INPUT_SLOTS), in the order the pack declares its inputs
    given: Flags  #: (acts, INPUT_SLOTS), whether the input was reported
    #: Whose act it is besides its subject's (``kinship``): equal to the subject where it is nobody
    #: else's. None where that holds of every act.
    party: Ints | None = None

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, rows: Ints) -> Acts:
        """Some rows, in the order of their numbers as given."""
        every = {column.name: getattr(self, column.name) for column in fields(self)}
        return Acts(**{name: column[rows] for name, column in every.items() if column is not None})


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Eligible acts of subjects that are not being settled, which may hold a claim key.

    Together ``conflict_class`` (the class's name), ``item`` (in the acts' numbering) and ``period``
    (the number of the once-period) name the claim. ``key`` ranks among the acts' keys.
    """

    conflict_class: tuple[str, ...]
    subject: Ints
    key: Ints
    started_us: Ints
    grade: Ints
    item: Ints
    period: Ints


@dataclass(frozen=True, slots=True)
class Cuts:
    """What limits took: ``mg`` of act ``row`` by limit ``limit`` (index into Outcomes.limits)."""

    row: Ints
    limit: Ints
    mg: Ints


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What settlement says of each act, row by row as in Acts."""

    status: Ints  #: Status
    reason: Ints  #: Reason, or Reason.BOUND + place of the violated bound
    version: Ints  #: index of the pack version in force, -1 if none
    day: Ints  #: local day of started_us in the programme's zone, days since 1970
    gross_mg: Ints
    credited_mg: Ints
    points: Ints
    #: The row of the act that this one lost to; -1 none; -2-w when it lost to witness w.
    lost_to: Ints
    cuts: Cuts
    #: (owner, name) of each limit that ``cuts`` refers to.
    limits: tuple[tuple[str, str], ...]
