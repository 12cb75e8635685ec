"""A mapping file (TOML) to its plain values; every mistake is a Problem with file and line."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction

import polars as pl

from tanzhang.engine.mapping import spec
from tanzhang.engine.mapping.read_rules import named_rules
from tanzhang.engine.mapping.read_signals import read_signals, read_tokens
from tanzhang.engine.mapping.toml_table import Table, parse
from tanzhang.engine.rules import INPUT_SLOTS
from tanzhang.engine.units import ATOMS, CANONICAL

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DIRECTIVES = re.compile(r"%\.?[0-9]?.")
_ALLOWED_DIRECTIVES = {
    *("%Y", "%m", "%d", "%H", "%M", "%S", "%.f", "%f", "%y", "%b", "%B", "%p", "%I"),
    *("%e", "%j", "%T", "%F", "%R", "%D", "%%", "%.3f", "%.6f", "%.9f", "%3f", "%6f", "%9f"),
}
_SECOND_US = 10**6


def read_mapping(text: str, file: str) -> spec.FieldMapping:
    """The mapping that ``text`` states; ``file`` is its name in messages."""
    top = parse(text, file)
    top.whole("format", 1, 1)
    title = top.table("title")
    signals = top.table("signals") if top.has("signals") else None
    read = spec.FieldMapping(
        id=top.string("id"),
        title_en=title.string("en"),
        title_zh=title.string("zh"),
        programme=top.optional("programme"),
        partner=top.optional("partner"),
        file=_file(top.table("file")),
        external_id=_external_id(top.table("external_id")),
        person=_person(top.table("person")),
        scene=_only_choice(top.table("scene"), whole=False),
        started=_started(top.table("started")),
        ended=_ended(top.table("ended")),
        grade=_only_choice(top.table("grade"), whole=True),
        item_key=_column(top, "item_key"),
        revision=_column(top, "revision"),
        withdrawn=_withdrawn(top),
        inputs=_inputs(top.table("inputs")) if top.has("inputs") else (),
        signals=tuple(read_signals(signals)) if signals else (),
        tokens=read_tokens(signals) if signals else {},
        rules=named_rules(top),
    )
    title.close()
    top.close()
    return read


def _file(table: Table) -> spec.FileFormat:
    zone = table.string("time_zone")
    if not _known_zone(zone):
        table.refuse("time_zone", "an IANA time zone such as Asia/Shanghai")
    delimiter = table.string("delimiter", ",")
    if len(delimiter.encode()) != 1 or delimiter in '"\r\n':
        table.refuse("delimiter", "one ASCII character")
    read = spec.FileFormat(
        kind=table.one_of("kind", spec.KINDS) if table.has("kind") else None,
        delimiter=delimiter,
        time_zone=zone,
        ambiguous=table.one_of("ambiguous", spec.AMBIGUOUS),
        missing=table.one_of("missing", spec.MISSING),
        not_before_us=_instant(table, "not_before", spec.DEFAULT_NOT_BEFORE_US),
        not_after_us=_instant(table, "not_after", spec.DEFAULT_NOT_AFTER_US),
        unpacked_mib=_most(table, "unpacked_mib", 2**24),
        ratio=_most(table, "ratio", 2_000),
    )
    table.close()
    return read


def _most(table: Table, key: str, most: int) -> int | None:
    if table.has(key):
        return table.whole(key, 1, most)
    table.read.add(key)
    return None


def _known_zone(zone: str) -> bool:
    try:
        pl.Series([datetime(2000, 1, 1)]).dt.replace_time_zone(zone)
    except pl.exceptions.ComputeError:
        return False
    return True


def _instant(table: Table, key: str, default: int) -> int:
    if not table.has(key):
        table.read.add(key)
        return default
    day = table.string(key)
    if not re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", day):
        table.refuse(key, "a day such as 2000-01-01 in quotes, from 1900 to 2199")
    value = pl.Series([day]).str.to_datetime("%Y-%m-%d", time_unit="us", strict=False).to_physical()
    if value[0] is None:
        table.refuse(key, "a day such as 2000-01-01 in quotes, from 1900 to 2199")
    return int(value[0])


def _external_id(table: Table) -> spec.ExternalId:
    if table.exactly_one("column", "digest") == "column":
        rule = spec.ExternalId(table.string("column"), None)
    elif table.values["digest"] == "row":
        table.read.add("digest")
        rule = spec.ExternalId(None, ())
    else:
        rule = spec.ExternalId(None, table.strings("digest"))
    table.close()
    return rule


def _person(table: Table) -> spec.Person:
    enrol = table.flag("enrol", False)
    fictitious = table.flag("fictitious", False)
    by_column = table.exactly_one("column", "hash") == "column"
    if not by_column and not fictitious:
        table.refuse("fictitious", "true, because people made by a hash are not real")
    prefix = table.optional("prefix") or ""
    person = spec.Person(
        column=table.string("column") if by_column else None,
        hashed=() if by_column else table.strings("hash"),
        modulo=0 if by_column else table.whole("modulo", 1, 10**12),
        prefix=prefix,
        enrol=enrol,
        fictitious=fictitious,
    )
    table.close()
    return person


def _choice(table: Table, *, whole: bool) -> spec.Choice:
    def value(holder: Table, key: str) -> str | int:
        return holder.whole(key, 0, 2**15 - 1) if whole else holder.string(key)

    if table.exactly_one("constant", "column") == "constant":
        choice = spec.Choice(value(table, "constant"), None)
    else:
        listed = table.table("values")
        if not listed.values:
            table.refuse("values", "a table with at least one value")
        choice = spec.Choice(
            None,
            table.string("column"),
            {key: value(listed, key) for key in listed.values},
            value(table, "other") if table.has("other") else None,
        )
        table.read.add("other")
    return choice


def _only_choice(table: Table, *, whole: bool) -> spec.Choice:
    choice = _choice(table, whole=whole)
    table.close()
    return choice


def _started(table: Table) -> spec.Moment:
    moment = _moment(table)
    table.close()
    return moment


def _ended(table: Table) -> spec.Moment | spec.Number | None:
    ended: spec.Moment | spec.Number | None
    which = table.exactly_one("column", "columns", "duration", "instant")
    if which == "instant":
        if not table.flag("instant", True):
            table.refuse("instant", "true, or one of column, columns, duration instead")
        ended = None
    elif which == "duration":
        seconds = _factor(table, "s")
        ended = spec.Number(table.string("duration"), seconds * _SECOND_US)
    else:
        ended = _moment(table)
    table.close()
    return ended


def _moment(table: Table) -> spec.Moment:
    one = table.exactly_one("column", "columns") == "column"
    columns = (table.string("column"),) if one else table.strings("columns")
    pattern = table.string("format")
    if pattern not in spec.NAMED_FORMATS:
        _check_pattern(table, pattern)
    return spec.Moment(columns, pattern)


def _check_pattern(table: Table, pattern: str) -> None:
    expected = "iso, unix_s, unix_ms, unix_us, or a pattern such as %Y-%m-%d %H:%M:%S%.f"
    directives = set(_DIRECTIVES.findall(pattern))
    if not directives or not directives <= _ALLOWED_DIRECTIVES:
        table.refuse("format", expected)
    try:
        pl.Series(["2000-01-01"]).str.to_datetime(pattern, time_unit="us", strict=False)
    except pl.exceptions.PolarsError:
        table.refuse("format", expected)


def canonical_unit(input_name: str) -> str | None:
    """The unit that an input's name ends in; None for a count.

    >>> canonical_unit("distance_m"), canonical_unit("energy_wh"), canonical_unit("rides")
    ('m', 'Wh', None)
    """
    _, separator, last = input_name.rpartition("_")
    return next((unit for unit in CANONICAL if separator and unit.lower() == last), None)


def _factor(table: Table, canonical: str) -> Fraction:
    """How many ``canonical`` one of the column's unit is, exactly."""
    target = ATOMS[canonical]
    allowed = {name: atom for name, atom in ATOMS.items() if atom.dimension == target.dimension}
    return allowed[table.one_of("unit", tuple(allowed))].size / target.size


def _column(top: Table, key: str) -> str | None:
    if not top.has(key):
        top.read.add(key)
        return None
    table = top.table(key)
    column = table.string("column")
    table.close()
    return column


def _withdrawn(top: Table) -> spec.Withdrawn | None:
    if not top.has("withdrawn"):
        top.read.add("withdrawn")
        return None
    table = top.table("withdrawn")
    rule = spec.Withdrawn(table.string("column"), table.strings("is"))
    table.close()
    return rule


def _inputs(table: Table) -> tuple[spec.InputRule, ...]:
    if len(table.values) > INPUT_SLOTS:
        table.refuse("", f"at most {INPUT_SLOTS} inputs")
    return tuple(_input(table.table(name), name, table) for name in table.values)


def _input(table: Table, name: str, holder: Table) -> spec.InputRule:
    if not _NAME.fullmatch(name):
        holder.refuse(name, "a name of small letters, digits and underscores")
    source: spec.Number | spec.GreatCircle | spec.Choice
    which = table.exactly_one("column", "great_circle", "constant")
    required, negative = table.flag("required", False), False
    canonical = canonical_unit(name)
    if which == "great_circle":
        if canonical != "m":
            holder.refuse(name, "a name that ends in _m, because distances are metres")
        ends = table.table("great_circle")
        source = spec.GreatCircle(
            _pair(ends.strings("from", exactly=2)),
            _pair(ends.strings("to", exactly=2)),
            table.exact("detour"),
        )
        ends.close()
        if not 1 <= source.detour <= 10:
            table.refuse("detour", "a number from 1 to 10")
    elif which == "column" and not table.has("values"):
        negative = table.flag("negative", False)
        factor = _factor(table, canonical) if canonical else Fraction(1)
        source = spec.Number(table.string("column"), factor)
    else:
        source = _choice(table, whole=True)
    table.close()
    return spec.InputRule(name, source, required, negative)


def _pair(two: tuple[str, ...]) -> tuple[str, str]:
    return two[0], two[1]
