"""Packs for small worlds: every kind of conflict class, formula, bound, look-back and limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from hypothesis import strategies as st

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
    Scope,
)

from .cases import BILL, CARD, ORDER, TRIP, VISIT
from .formulas import Linear

#: Pack ids with their conflict classes; two packs share the class of trips.
CLASSES: dict[str, ConflictClass | None] = {
    "bike": TRIP,
    "bill": BILL,
    "walk": None,
    "metro": TRIP,
    "card": CARD,
    "order": ORDER,
    "visit": replace(VISIT, shared=True),
}
PACKS = tuple(CLASSES)

INPUTS = (Input("n", "thing", 0, 8), Input("m", "thing", 0, 4, required=False, default=2))


class Unit(Enum):
    """Who may declare a limit."""

    PACK = "pack"
    PROGRAMME = "programme"


def rarely(one_in: int) -> st.SearchStrategy[bool]:
    """Usually false. Hypothesis favours both ends of a list, so the truth stands inside."""
    return st.sampled_from([False] * (one_in // 2) + [True] + [False] * (one_in - one_in // 2 - 1))


ROOM = {
    Kind.AMOUNT: st.sampled_from((10, 20, 6, 30, 0, 1, 15, 3, 50)),
    Kind.COUNT: st.sampled_from((1, 2, 0, 3)),
}


@st.composite
def with_own_value(draw: st.DrawFn, told: Limit) -> Limit:
    """The same limit as another version states it."""
    return replace(told, value=draw(ROOM[told.kind]))


@st.composite
def stated(draw: st.DrawFn, templates: Sequence[Limit]) -> tuple[Limit, ...]:
    """The limits as one version states them; now and then it leaves one out."""
    return tuple(draw(with_own_value(told)) for told in templates if not draw(rarely(10)))


@st.composite
def limits_of(draw: st.DrawFn, owner: str, unit: Unit) -> list[Limit]:
    """Up to two limits with names of their own; each version draws its own values."""
    names = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=2))
    return [
        Limit(
            owner=owner,
            name=name,
            kind=draw(st.sampled_from((Kind.AMOUNT, Kind.AMOUNT, Kind.COUNT))),
            scope=draw(st.sampled_from((Scope.ITEM, Scope.ITEM, Scope.ACCOUNT, *Scope))),
            period=draw(st.sampled_from((*[Period.DAY] * 3, Period.MONTH, *Period))),
            value=0,
            whole=draw(st.booleans()),
            per_item_key=draw(rarely(4)),
            from_pack=unit is Unit.PACK,
        )
        for name in names
    ]


formulas = st.one_of(
    st.builds(lambda rate: Linear({"n": rate}), st.sampled_from((2, 1, 3))),
    st.just(Linear({"n": 1, "evidence_grade": 1})),
    st.just(Linear({"n": 2}, base=-4)),
    st.just(Linear({"n": 3, "m": 1})),
    st.just(Linear({"n": 5}, divisor="m")),
)

bounds = st.lists(
    st.sampled_from(
        (
            Bound("lasting", "duration", maximum=7200),
            Bound("speed", "speed", "n", maximum=10),
            Bound("moving", "speed", "n", minimum=1),
            Bound("many", "input", "m", minimum=1),
        )
    ),
    unique=True,
    max_size=1,
)


@st.composite
def look_backs(draw: st.DrawFn) -> LookBack:
    days = draw(st.sampled_from((2, 1, 3)))
    reduce = draw(st.sampled_from(("sum", "mean", "last")))
    gaps = "zero" if reduce == "last" else draw(st.sampled_from(("zero", "reject", "skip", "zero")))
    return LookBack("before", draw(st.sampled_from(("n", "m"))), days, reduce, gaps, scale=6)


@st.composite
def pack_versions(draw: st.DrawFn, name: str, first_day: int) -> tuple[PackVersion, ...]:
    """One or two versions; rarely with a day that none covers."""
    templates = draw(limits_of(name, Unit.PACK))
    starts = [0] if draw(st.booleans()) else [0, first_day + 1]
    ends = [*starts[1:], first_day + 2 if draw(rarely(12)) else FOR_EVER]
    versions = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        by_design = draw(rarely(8))
        formula = Linear() if by_design else draw(formulas)
        windows: tuple[LookBack, ...] = ()
        if not by_design and draw(rarely(3)):
            windows = (draw(look_backs()),)
            formula = replace(formula, rates={**formula.rates, "before": 1})
        versions.append(
            PackVersion(
                pack=name,
                version=str(place),
                valid_from=start,
                valid_to=end,
                conflict_class=CLASSES[name],
                inputs=INPUTS,
                quantify=formula,
                look_backs=windows,
                bounds=tuple(draw(bounds)) if draw(rarely(4)) else (),
                limits=draw(stated(templates)),
                zero_by_design=by_design,
            )
        )
    return tuple(versions)
