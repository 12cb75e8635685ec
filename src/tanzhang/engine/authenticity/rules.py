"""What a pack's ``authenticity`` section says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Consequence(IntEnum):
    """What becomes of an act; the larger number wins."""

    PASS = 0
    LOWER = 1  #: it counts, by weaker evidence
    HOLD = 2  #: it waits for a person
    REFUSE = 3  #: it does not count unless a person decides otherwise


#: What can be measured of an act besides its pack's inputs and the signals.
#: All of an account are of this pack's acts on the act's local day, this one included.
ACT_MEASURES = (
    "duration_s",
    "hour",  #: local hour of the start
    "account_age_days",
    "acts_today",
    "seconds_today",
    "amount_today",
    "accounts_on_device",  #: over the device's life
    "acts_on_device_today",
    "photo_known",  #: 1 if this account handed the named picture in for this scene, else 0
)


@dataclass(frozen=True, slots=True)
class Span:
    """A measure, and what is plausible of it; both ends are inclusive.

    With ``per`` it is ``measure * times // per``: unknown where ``per`` is 0. ``among`` lists the
    plausible values of a choice. ``given``: the signal must have been sent, whatever it says.
    """

    measure: str
    per: str = ""
    times: int = 1
    at_least: int | None = None
    at_most: int | None = None
    among: tuple[int, ...] | None = None
    given: bool = False


Condition = Span


@dataclass(frozen=True, slots=True)
class Check:
    """One rule about one act: outside the span is a finding, if all of ``when`` hold.

    A finding decides (``then``) or weighs: weights of an act add up to its score.
    """

    name: str
    span: Span
    when: tuple[Condition, ...] = ()
    then: Consequence = Consequence.PASS
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """A kind of evidence: acts that meet ``when`` have at most this grade.

    ``available_after_days`` where points of such acts wait otherwise than the section says.
    """

    name: str
    grade: int
    when: tuple[Condition, ...] = ()
    available_after_days: int | None = None


#: What can be found over many acts of one pack within some days; per account.
PATTERN_MEASURES = (
    "acts",
    "score_sum",  #: scores of all acts together
    "score_mean",  #: score per act
    "days_with",  #: days with a finding of the named check
    "share_with",  #: share of acts with a finding of the named check, in thousandths
    "spread_permille",  #: how much daily amounts differ from their middle one
    "accounts_on_device",  #: accounts that share a device with this one
    "accounts_on_payment",  #: accounts for which the same account paid
    "accounts_on_network",  #: accounts that share a network with this one
    "repeats",  #: acts with the same digest of their course as another
    "echoes",  #: acts that another partner had reported of this account within some hours
    "echoes_of_payment",  #: the same of another account, by what was paid and from which account
    "siblings",  #: days on which two of the account's own acts are alike, one after the other
    "twins",  #: other accounts with like acts on many days
    "copies",  #: acts with the same print as an earlier one, whoever's
    "withdrawn_permille",  #: share of acts that were taken back after they counted
    "vehicle_shared",  #: acts during which somebody else's act had the same vehicle
    "crowd",  #: other accounts that did the same at the same minute, on so many days
    "one_way",  #: acts that begin where one of the day began, and none came back there
    "shadows",  #: other accounts that did most of the account's acts at the same minute
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule about an account's acts of ``days`` days; a finding puts all of them on hold.

    ``of`` is the check of ``days_with`` and ``share_with``; ``least_acts`` are needed before
    anything is said.
    """

    name: str
    measure: str
    days: int
    at_least: int | None
    at_most: int | None
    of: str = ""
    least_acts: int = 1
    same_days: int = 3  #: of twins and crowds: on how many days
    when: tuple[Condition, ...] = ()  #: only acts like these are counted


@dataclass(frozen=True, slots=True)
class Authenticity:
    """All of a section. ``amount`` names the input that sums and patterns are about."""

    amount: str
    signals: tuple[str, ...]
    tiers: tuple[Tier, ...] = ()
    checks: tuple[Check, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    hold_at: int = 1000  #: from this score on an act waits for a person
    lower_at: int = 500  #: from this score on it counts by grade 0
    available_after_days: int = 0  #: points wait so long at least, whatever the programme says
    photo: bool = False  #: a citizen hands in a picture
    prints: tuple[str, ...] = ()  #: measures that together tell an act from another's copy
    likeness: tuple[str, ...] = ()  #: measures that are about the same in acts that are alike

    @property
    def slots(self) -> tuple[str, ...]:
        """The signals in the order in which acts store them; the device has a place of its own."""
        return tuple(name for name in self.signals if name != "device")

    def waits(self, grade: int) -> int:
        """Days that points of an act of this grade wait: weaker evidence never less than stronger.

        Without a tier of this grade or a better one it is what the section says.
        """
        own = (tier for tier in self.tiers if tier.grade >= grade)
        days = (tier.available_after_days for tier in own)
        return max(
            (self.available_after_days if said is None else said for said in days),
            default=self.available_after_days,
        )
