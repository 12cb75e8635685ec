"""Registers with amounts of real size, and of packs whose versions differ."""

from __future__ import annotations

from tanzhang.engine.rules import Input, Kind, LookBack, Rulebook

from .book import Book
from .cases import N, book, limit, read_facts, read_table, version
from .formulas import Linear
from .plain import Verdict, kernel
from .properties import same


def post_one_by_one(rules: Rulebook, table: str) -> dict[str, Verdict]:
    """Post the acts of a table one after the other, all from registers; what is said of each."""
    rows = read_table(table)
    posted = Book(rules)
    facts = read_facts(rows, rules)
    for fact in facts:
        posted.post([fact])
    assert posted.slow_acts == 0
    same(posted.verdicts, kernel(facts, rules))
    return {row["event"]: posted.verdicts[fact.key] for row, fact in zip(rows, facts, strict=True)}


def test_a_limit_that_was_closed_stays_closed_though_there_is_room() -> None:
    rules = book({"ride": version(limits=(limit("daily", Kind.AMOUNT, 1000, whole=True),))})
    said = post_one_by_one(
        rules,
        """
        event | start       | n
        a     | 03-01 08:00 | 700
        b     | 03-01 09:00 | 400
        c     | 03-01 10:00 | 1
        d     | 03-02 08:00 | 1000
        """,
    )
    assert [said[event].credited_mg for event in "abcd"] == [700, 0, 0, 1000]


def test_a_register_of_inputs_takes_the_default_of_its_own_version() -> None:
    def told(default: int, since: str, until: str | None) -> object:
        optional = Input("m", "thing", 0, 9, required=False, default=default)
        return version(
            Linear({"before": 1}),
            inputs=(N, optional),
            look_backs=(LookBack("before", "m", 1, "sum", "zero"),),
            since=since,
            until=until,
        )

    meter = (told(2, "01-01", "03-02"), told(5, "03-02", "03-04"), told(7, "03-04", None))
    rules = book({"ride": version(), "walk": version(), "meter": meter})  # type: ignore[dict-item]
    said = post_one_by_one(
        rules,
        """
        event | pack  | start       | n | m
        a     | meter | 03-01 12:00 | 1 | -
        b     | meter | 03-02 12:00 | 1 | -
        c     | meter | 03-03 12:00 | 1 | 1
        d     | meter | 03-04 12:00 | 1 | -
        e     | meter | 03-05 12:00 | 1 | -
        """,
    )
    assert [said[event].gross_mg for event in "abcde"] == [0, 2, 5, 1, 7]


def test_a_register_of_inputs_lives_as_long_as_a_look_back_reads_it() -> None:
    meter = version(Linear({"before": 1}), look_backs=(LookBack("before", "n", 3, "sum", "zero"),))
    said = post_one_by_one(
        book({"ride": version(), "walk": version(), "meter": (meter,)}),
        """
        event | pack  | start       | n
        a     | meter | 03-01 12:00 | 1
        b     | meter | 03-02 12:00 | 10
        c     | meter | 03-03 12:00 | 100
        d     | meter | 03-04 12:00 | 1000
        e     | meter | 03-05 12:00 | 1
        """,
    )
    assert [said[event].gross_mg for event in "abcde"] == [0, 1, 11, 111, 1110]
