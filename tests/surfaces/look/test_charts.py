"""The geometry of charts: whole numbers, nothing hidden, nothing out of the picture."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from tanzhang.surfaces.look.charts import (
    HEIGHT,
    SHARE,
    Column,
    Share,
    bars,
    breakdown,
    sparkline,
)


def test_bars_stand_side_by_side_on_the_axis_and_the_highest_fills_the_height() -> None:
    chart = bars([Column("a", 500), Column("b", 2_000), Column("c", 1_000)])
    assert (chart.width, chart.height) == (300, HEIGHT)
    assert [bar.height for bar in chart.bars] == [25, 100, 50]
    assert [bar.y + bar.height for bar in chart.bars] == [HEIGHT] * 3
    assert [bar.x + bar.width // 2 for bar in chart.bars] == [50, 150, 250]
    assert [bar.last for bar in chart.bars] == [False, False, True]
    assert (chart.highest_mg, chart.total_mg) == (2_000, 3_500)


def test_a_small_act_is_visible_and_less_than_nothing_is_not() -> None:
    chart = bars([Column("a", 1), Column("b", 1_000_000), Column("c", -5), Column("d", 0)])
    assert [bar.height for bar in chart.bars] == [1, HEIGHT, 0, 0]


def test_charts_of_nothing_have_a_size_and_no_bars() -> None:
    assert bars([]).bars == () and bars([]).width > 0
    assert [bar.height for bar in bars([Column("a", 0), Column("b", -3)]).bars] == [0, 0]
    assert bars([Column("a", -3)]).highest_mg == 0
    assert breakdown([]) == ()
    assert (sparkline([]).points, sparkline([]).width) == ("", 100)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**15), 10**15), max_size=8))
def test_no_bar_leaves_the_picture(amounts_mg: list[int]) -> None:
    chart = bars([Column("", amount_mg) for amount_mg in amounts_mg])
    assert all(0 <= bar.y <= HEIGHT and 0 <= bar.height <= HEIGHT for bar in chart.bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in chart.bars)


def test_a_breakdown_begins_with_the_largest_part() -> None:
    lines = breakdown([Share("b", 10), Share("a", 10), Share("c", 40), Share("d", 0)])
    assert [(line.share.label, line.length) for line in lines] == [
        ("c", SHARE),
        ("a", SHARE // 4),
        ("b", SHARE // 4),
        ("d", 0),
    ]


def test_a_course_runs_from_left_to_right_and_up() -> None:
    course = sparkline([0, 5, 10])
    assert (course.points, course.width) == ("0,100 100,50 200,0", 200)
