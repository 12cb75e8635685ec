"""Hand-written cases as tables in the domain's words.

A table has one event a row. Columns that are left out take a plain default, expectations that are
left out are not checked:

- facts: ``event`` (keys rise in the alphabet), ``citizen``, ``account`` (the citizen's own),
  ``programme`` and ``pack`` (the rulebook's first), ``scene``, ``start``, ``end`` (at the start),
  ``n`` and ``m`` (first and second input), ``grade``, ``item``, ``state``, ``consent``, ``joined``;
- expectations: ``outcome`` (status, reason and winner), ``gross``, ``mg``, ``points``, ``cuts``,
  ``day``, ``version``.

Times are local to the act's programme, in 2025 unless a year is given; an offset settles which of
two repeated hours is meant. A dash means none, and an empty expectation is not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tanzhang.engine.acts import Reason, State, Status
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import (
    FOR_EVER,
    Bound,
    ConflictClass,
    Input,
    Kind,
    Limit,
    LookBack,
    PackVersion,
    Period,
    Points,
    Programme,
    ProgrammeVersion,
    Quantify,
    Rulebook,
    Scope,
)

from .formulas import Linear
from .oracle import claim_candidates
from .oracle.eligibility import all_bounds
from .plain import Fact, Verdict, Verdicts, Witness

Judge = Callable[[Sequence[Fact], Rulebook, Sequence[Witness], Sequence[Link]], Verdicts]

TRIP = ConflictClass("trip", overlap=True)
BILL = ConflictClass("bill", once=Period.MONTH, shared=True)
ORDER = ConflictClass("order", once=Period.LIFETIME, shared=True)
CARD = ConflictClass("card", once=Period.MONTH)
VISIT = ConflictClass("visit", overlap=True, once=Period.DAY)

SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"

N = Input("n", "thing", 0, 1_000_000)
OPTIONAL_M = Input("m", "thing", 0, 1_000_000, required=False)
M = Input("m", "thing", 0, 1_000_000)
ONE_MG_EACH = Linear({"n": 1})
NO_POINTS = Points()


# The rules of a case, with defaults that stay out of the way.


def day(text: str) -> int:
    """A calendar day as days since 1970; the year is 2025 unless given."""
    text = text if len(text) > 5 else f"2025-{text}"
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def version(
    formula: Quantify = ONE_MG_EACH,
    *,
    conflict: ConflictClass | None = None,
    inputs: tuple[Input, ...] = (N,),
    limits: tuple[Limit, ...] = (),
    bounds: tuple[Bound, ...] = (),
    look_backs: tuple[LookBack, ...] = (),
    zero_by_design: bool = False,
    since: str | None = None,
    until: str | None = None,
) -> PackVersion:
    """One version of a pack that yields ``n`` mg for ``n`` things; ``pack`` names it."""
    return PackVersion(
        pack="",
        version=since or "1",
        valid_from=day(since) if since else 0,
        valid_to=day(until) if until else FOR_EVER,
        conflict_class=conflict,
        inputs=inputs,
        quantify=Linear() if zero_by_design else formula,
        look_backs=look_backs,
        bounds=bounds,
        limits=limits,
        zero_by_design=zero_by_design,
    )


def limit(
    name: str,
    kind: Kind,
    value: int,
    period: Period = Period.DAY,
    scope: Scope = Scope.ITEM,
    *,
    whole: bool = False,
    per_item_key: bool = False,
    replaces: str | None = None,
) -> Limit:
    """A limit whose owner is whoever declares it, or the pack that it ``replaces`` one of."""
    return Limit(
        owner=replaces or "",
        name=name,
        kind=kind,
        scope=scope,
        period=period,
        value=value,
        whole=whole,
        per_item_key=per_item_key,
        from_pack=replaces is not None,
    )


def terms(
    *,
    limits: tuple[Limit, ...] = (),
    points: Points = NO_POINTS,
    since: str | None = None,
    until: str | None = None,
) -> ProgrammeVersion:
    """One version of a programme's rules."""
    return ProgrammeVersion(
        version=since or "1",
        valid_from=day(since) if since else 0,
        valid_to=day(until) if until else FOR_EVER,
        scenes={},
        limits=limits,
        points=points,
    )


@dataclass(frozen=True)
class City:
    """A programme in the making."""

    versions: tuple[ProgrammeVersion, ...] = (terms(),)
    time_zone: str = SHANGHAI


def book(
    packs: dict[str, PackVersion | tuple[PackVersion, ...]],
    programmes: dict[str, City] | City = City(),
) -> Rulebook:
    """A rulebook; owners of limits and names of packs and programmes are filled in."""
    cities = programmes if isinstance(programmes, dict) else {"city": programmes}
    return Rulebook(
        packs={
            name: tuple(
                _named_pack(one, name) for one in (told if isinstance(told, tuple) else (told,))
            )
            for name, told in packs.items()
        },
        programmes={
            name: Programme(
                name, city.time_zone, tuple(_named_terms(one, name) for one in city.versions)
            )
            for name, city in cities.items()
        },
    )


def _named_pack(told: PackVersion, name: str) -> PackVersion:
    return PackVersion(
        pack=name,
        version=told.version,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        conflict_class=told.conflict_class,
        inputs=told.inputs,
        quantify=told.quantify,
        look_backs=told.look_backs,
        bounds=told.bounds,
        limits=tuple(_owned(one, name, from_pack=True) for one in told.limits),
        zero_by_design=told.zero_by_design,
    )


def _named_terms(told: ProgrammeVersion, name: str) -> ProgrammeVersion:
    limits = tuple(one if one.owner else _owned(one, name, from_pack=False) for one in told.limits)
    return ProgrammeVersion(
        told.version, told.valid_from, told.valid_to, told.scenes, limits, told.points
    )


def _owned(told: Limit, owner: str, *, from_pack: bool) -> Limit:
    return Limit(
        owner,
        told.name,
        told.kind,
        told.scope,
        told.period,
        told.value,
        told.whole,
        told.per_item_key,
        from_pack,
    )


# The table.

Row = dict[str, str]
EXPECTED = ("outcome", "gross", "mg", "points", "cuts", "day", "version")
KNOWN = (
    *("event", "citizen", "account", "programme", "pack", "scene", "start", "end", "n", "m"),
    *("grade", "item", "state", "consent", "joined", *EXPECTED),
)


def verify(judge: Judge, rules: Rulebook, table: str, links: Sequence[Link] = ()) -> None:
    """Settle the table's facts by ``judge`` and compare what the table expects.

    Rows whose state is ``witness`` are not settled: they are shown as acts of people elsewhere.
    """
    rows = read_table(table)
    facts = read_facts(rows, rules)
    elsewhere = {row["event"] for row in rows if row.get("state") == "witness"}
    here = [fact for row, fact in zip(rows, facts, strict=True) if row["event"] not in elsewhere]
    there = [fact for row, fact in zip(rows, facts, strict=True) if row["event"] in elsewhere]
    verdicts = judge(here, rules, claim_candidates(there, rules), links)
    names = {fact.key: row["event"] for row, fact in zip(rows, facts, strict=True)}
    said, wanted = {}, {}
    for row, fact in zip(rows, facts, strict=True):
        if row["event"] in elsewhere:
            continue
        told = tell(verdicts[fact.key], fact, rules, names)
        wanted[row["event"]] = {name: row[name] for name in EXPECTED if row.get(name)}
        said[row["event"]] = {name: told[name] for name in wanted[row["event"]]}
    assert said == wanted


def one_person(one: str, other: str, since: str, until: str | None = None) -> Link:
    """That two of a table's citizens are one, for acts of the days from ``since`` on."""
    return Link(
        number_of(one), number_of(other), day(since), FOR_EVER if until is None else day(until)
    )


def read_table(table: str) -> list[Row]:
    lines = [line for line in table.splitlines() if line.strip()]
    header, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    unknown = set(header) - set(KNOWN)
    assert not unknown, f"no such columns: {unknown}"
    return [dict(zip(header, cells, strict=True)) for cells in body]


def read_facts(rows: Sequence[Row], rules: Rulebook) -> list[Fact]:
    keys = sorted(row["event"] for row in rows)
    assert len(set(keys)) == len(keys), "an event stands twice in the table"
    return [_read_fact(row, keys.index(row["event"]), rules) for row in rows]


def _read_fact(row: Row, key: int, rules: Rulebook) -> Fact:
    def cell(name: str, default: str) -> str:
        return row[name] if row.get(name, "-") != "-" else default

    def value(name: str) -> int | None:
        return int(cell(name, "0").replace(",", "")) if row.get(name) != "-" else None

    citizen = cell("citizen", "Li")
    programme = list(rules.programmes).index(cell("programme", next(iter(rules.programmes))))
    zone = list(rules.programmes.values())[programme].time_zone
    started_us = instant_us(row["start"], zone)
    state = cell("state", "live")
    return Fact(
        key=key,
        subject=number_of(citizen),
        account=number_of(cell("account", citizen)),
        programme=programme,
        pack=list(rules.packs).index(cell("pack", next(iter(rules.packs)))),
        scene=number_of(cell("scene", "one")),
        started_us=started_us,
        ended_us=instant_us(row["end"], zone) if "end" in row else started_us,
        grade=int(cell("grade", "1")),
        item=number_of(cell("item", "")),
        state=State.LIVE if state == "witness" else State[state.upper()],
        consent=cell("consent", "yes") == "yes",
        joined_day=day(cell("joined", "1970-01-01")),
        inputs=(value("n"), value("m")),
    )


def number_of(name: str) -> int:
    """A number that is equal exactly where the (short) name is; 0 for none."""
    return int.from_bytes(name.encode(), "big")


def instant_us(text: str, time_zone: str) -> int:
    """Microseconds since 1970 of a local time, or of one with its offset."""
    text = text if text[4:5] == "-" else f"2025-{text}"
    local = datetime.fromisoformat(text)
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(time_zone))
    passed = local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def tell(verdict: Verdict, fact: Fact, rules: Rulebook, names: dict[int, str]) -> Row:
    """The verdict in the table's words."""
    day_text = str(date.fromordinal(date(1970, 1, 1).toordinal() + verdict.day))
    return {
        "outcome": _tell_outcome(verdict, fact, rules, names),
        "gross": str(verdict.gross_mg),
        "mg": str(verdict.credited_mg),
        "points": str(verdict.points),
        "cuts": " + ".join(f"{owner}.{name} {mg}" for owner, name, mg in verdict.cuts) or "-",
        "day": day_text.removeprefix("2025-"),
        "version": str(verdict.version) if verdict.version >= 0 else "-",
    }


def _tell_outcome(verdict: Verdict, fact: Fact, rules: Rulebook, names: dict[int, str]) -> str:
    words = [verdict.status.name.lower()]
    if verdict.status in (Status.DUPLICATE, Status.REJECTED):
        if verdict.reason >= Reason.BOUND:
            pack = list(rules.packs.values())[fact.pack][verdict.version]
            words.append(all_bounds(pack)[verdict.reason - Reason.BOUND].name)
        else:
            words.append(Reason(verdict.reason).name.lower())
    if verdict.lost_to is not None:
        words.append(names[verdict.lost_to])
    return " ".join(words)
