"""The named rules of a mapping file: which rows are refused or held, and why."""

from __future__ import annotations

import re
from fractions import Fraction

from tanzhang.engine.mapping import spec
from tanzhang.engine.mapping.toml_table import Table

_CODE = re.compile(r"[a-z][a-z0-9_]{1,40}")
_YEAR_S = 366 * 86_400
_DEEPEST = 4


def named_rules(top: Table) -> tuple[spec.NamedRule, ...]:
    """``[[refuse]]`` rules, then ``[[hold]]`` rules, in the order in which they stand."""
    rules = [_rule(table, hold=False) for table in top.tables("refuse")]
    rules += [_rule(table, hold=True) for table in top.tables("hold")]
    return tuple(rules)


def _rule(table: Table, *, hold: bool) -> spec.NamedRule:
    code = table.string("code")
    if not _CODE.fullmatch(code):
        table.refuse("code", "a name of small letters, digits and underscores")
    rule = spec.NamedRule(
        code=code,
        hold=hold,
        when=_condition(table.table("when"), 0),
        en=table.string("en"),
        zh=table.string("zh"),
    )
    table.close()
    return rule


def _condition(table: Table, depth: int) -> spec.Condition:
    condition: spec.Condition
    which = table.exactly_one(
        "same", "empty", "column", "lasts_over_s", "lasts_under_s", "all", "any", "none"
    )
    match which:
        case "same":
            left, right = table.strings("same", exactly=2)
            condition = spec.Same(left, right)
        case "empty":
            condition = spec.Empty(table.string("empty"))
        case "column":
            condition = _of_column(table)
        case "lasts_over_s":
            condition = spec.Lasts(table.whole(which, 0, _YEAR_S), None)
        case "lasts_under_s":
            condition = spec.Lasts(None, table.whole(which, 0, _YEAR_S))
        case _:
            parts = table.tables(which)
            if not parts or depth >= _DEEPEST:
                table.refuse(which, f"one or more conditions, at most {_DEEPEST} deep")
            condition = spec.Combined(which, tuple(_condition(part, depth + 1) for part in parts))
    table.close()
    return condition


def _of_column(table: Table) -> spec.Condition:
    column = table.string("column")
    if table.has("is"):
        return spec.OneOf(column, table.strings("is"))
    above = _bound(table, "above")
    below = _bound(table, "below")
    if above is None and below is None:
        table.refuse("", "is, above or below beside column")
    return spec.Outside(column, above, below)


def _bound(table: Table, key: str) -> Fraction | None:
    if not table.has(key):
        return None
    number = table.exact(key)
    if 10**6 % number.denominator:
        table.refuse(key, "a number with at most six decimals")
    return number
