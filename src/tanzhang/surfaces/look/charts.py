"""The geometry of the charts, in whole numbers; the templates draw it as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Units of the drawing; the page stretches it to its own width and height.
COLUMN = 100
GAP = 28
HEIGHT = 100
SHARE = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One bar to be: its label under the axis and its grams."""

    label: str
    amount_mg: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and how high it is, in the drawing's units."""

    label: str
    amount_mg: int
    x: int
    y: int
    width: int
    height: int
    last: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars: its size, its bars, and the amount of the highest."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    rules: tuple[int, ...]
    highest_mg: int
    total_mg: int


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole: its name, a scene for the icon (or none), its grams, a way onwards."""

    label: str
    amount_mg: int
    scene: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A part and the length of its bar, in thousandths of the longest."""

    share: Share
    length: int


@dataclass(frozen=True, slots=True)
class Course:
    """A line from left to right: its width, and its points as SVG writes them."""

    width: int
    points: str


def bars(columns: Sequence[Column]) -> Bars:
    """Bars side by side; the highest fills the height, and less than nothing is drawn as nothing.

    An amount above zero is at least one unit high, so that nobody's small act is invisible.
    """
    highest = max((column.amount_mg for column in columns), default=0)
    drawn = []
    for place, column in enumerate(columns):
        height = _part(column.amount_mg, highest, HEIGHT)
        drawn.append(
            Bar(
                column.label,
                column.amount_mg,
                x=place * COLUMN + GAP // 2,
                y=HEIGHT - height,
                width=COLUMN - GAP,
                height=height,
                last=place == len(columns) - 1,
            )
        )
    return Bars(
        width=max(1, len(columns)) * COLUMN,
        height=HEIGHT,
        bars=tuple(drawn),
        rules=tuple(range(0, HEIGHT + 1, HEIGHT // 4)),
        highest_mg=max(0, highest),
        total_mg=sum(column.amount_mg for column in columns),
    )


def breakdown(shares: Sequence[Share]) -> tuple[Line, ...]:
    """The parts, largest first, each with the length of its bar."""
    ordered = sorted(shares, key=lambda share: (-share.amount_mg, share.label))
    highest = ordered[0].amount_mg if ordered else 0
    return tuple(Line(share, _part(share.amount_mg, highest, SHARE)) for share in ordered)


def sparkline(amounts_mg: Sequence[int]) -> Course:
    """The course of some amounts; the highest touches the top, nothing the bottom."""
    highest = max(amounts_mg, default=0)
    points = " ".join(
        f"{place * COLUMN},{HEIGHT - _part(amount_mg, highest, HEIGHT)}"
        for place, amount_mg in enumerate(amounts_mg)
    )
    return Course(max(1, len(amounts_mg) - 1) * COLUMN, points)


def _part(amount_mg: int, highest_mg: int, length: int) -> int:
    """``amount / highest`` of a length, rounded down, and at least 1 above zero."""
    if amount_mg <= 0:
        return 0
    return max(1, amount_mg * length // highest_mg)
