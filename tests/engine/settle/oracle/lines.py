"""One act on its way through settlement, and the local calendar (design §2 "Time")."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tanzhang.engine.acts import Reason, Status
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import PackVersion, Period, Programme, ProgrammeVersion, Rulebook

from ..plain import Fact, Verdict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = date(1970, 1, 1)


@dataclass(eq=False)
class Line:
    """A fact with the rules that are in force for it and what has been said of it so far."""

    fact: Fact
    day: int
    pack_id: str
    version: int
    pack: PackVersion | None
    programme: Programme
    rules: ProgrammeVersion | None
    status: Status = Status.CREDITED
    reason: int = Reason.NONE
    lost_to: int | None = None
    gross_mg: int = 0
    credited_mg: int = 0
    points: int = 0
    is_eligible: bool = False
    is_stopped: bool = False  #: by a count limit
    cuts: list[tuple[str, str, int]] = field(default_factory=list)
    person: frozenset[Link] = frozenset()  #: the links that make it one person's act with others

    def say(self, status: Status, reason: int, lost_to: int | None = None) -> None:
        self.status, self.reason, self.lost_to = status, reason, lost_to

    @property
    def is_winner(self) -> bool:
        """Eligible, and it lost to nobody."""
        return self.is_eligible and self.status is not Status.DUPLICATE

    @property
    def is_zero_by_design(self) -> bool:
        return self.pack is not None and self.pack.zero_by_design

    @property
    def may_claim(self) -> bool:
        conflict_class = self.pack.conflict_class if self.pack else None
        return conflict_class is not None and conflict_class.shared

    @property
    def once_period(self) -> int:
        """The number of the act's own local period under its class's once rule."""
        assert self.pack is not None
        assert self.pack.conflict_class is not None
        assert self.pack.conflict_class.once is not None
        return period_of(self.day, self.pack.conflict_class.once)

    @property
    def in_time(self) -> tuple[int, int]:
        """The order within a limit and within a points day."""
        return self.fact.started_us, self.fact.key


def open_line(fact: Fact, rulebook: Rulebook) -> Line:
    pack_id = list(rulebook.packs)[fact.pack]
    programme = list(rulebook.programmes.values())[fact.programme]
    day = local_day(fact.started_us, programme.time_zone)
    version = in_force(rulebook.packs[pack_id], day)
    rules = in_force(programme.versions, day)
    return Line(
        fact=fact,
        day=day,
        pack_id=pack_id,
        version=version,
        pack=rulebook.packs[pack_id][version] if version >= 0 else None,
        programme=programme,
        rules=programme.versions[rules] if rules >= 0 else None,
    )


def close(line: Line) -> Verdict:
    return Verdict(
        status=line.status,
        reason=line.reason,
        version=line.version,
        day=line.day,
        gross_mg=line.gross_mg,
        credited_mg=line.credited_mg,
        points=line.points,
        lost_to=line.lost_to,
        cuts=tuple(sorted(line.cuts)),
    )


def in_force(versions: tuple[PackVersion, ...] | tuple[ProgrammeVersion, ...], day: int) -> int:
    """The place of the version whose [from, to) holds the local day; -1 if none does (§10.6)."""
    for place, version in enumerate(versions):
        if version.valid_from <= day < version.valid_to:
            return place
    return -1


def local_day(instant_us: int, time_zone: str) -> int:
    instant = EPOCH + timedelta(microseconds=instant_us)
    return (instant.astimezone(ZoneInfo(time_zone)).date() - FIRST_DAY).days


def period_of(day: int, period: Period) -> int:
    """The number of the local period that holds the day: days, weeks, … counted from 1970."""
    calendar_day = FIRST_DAY + timedelta(days=day)
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        monday = day - calendar_day.weekday()
        return (monday + 3) // 7
    if period is Period.MONTH:
        return (calendar_day.year - 1970) * 12 + calendar_day.month - 1
    if period is Period.YEAR:
        return calendar_day.year - 1970
    return 0
