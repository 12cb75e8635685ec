"""A mapping applied to rows of a file: acts for the door, a named reason for each other row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tanzhang.engine.mapping import identity, inputs
from tanzhang.engine.mapping.conditions import holds
from tanzhang.engine.mapping.faults import Fault, Parsed, first_fault, flags
from tanzhang.engine.mapping.numbers import whole_numbers
from tanzhang.engine.mapping.spec import FieldMapping, Number
from tanzhang.engine.mapping.times import instants
from tanzhang.engine.rules import Flags, Ints

#: The columns of a report that every mapping fills; ``in_<name>`` (Int64) follow.
REPORT_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "external_id": pl.String,
    "revision": pl.Int32,
    "withdrawn": pl.Boolean,
    "held": pl.Boolean,
    "person": pl.String,
    "scene": pl.String,
    "started_us": pl.Int64,
    "ended_us": pl.Int64,
    "grade": pl.Int16,
    "item_key": pl.String,
}

#: A row that is refused or held: its id if it has one, the reason's name, the column to blame.
NOTES_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "external_id": pl.String,
    "code": pl.String,
    "column": pl.String,
}

_LARGEST_REVISION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Mapped:
    """What became of some rows: each is in ``report`` or in ``refused``, never in both or neither.

    ``report`` follows REPORT_SCHEMA, ``refused`` and ``held`` NOTES_SCHEMA; ``held`` says why rows
    of the report are held.
    """

    report: pl.DataFrame
    refused: pl.DataFrame
    held: pl.DataFrame


def apply(mapping: FieldMapping, table: pl.DataFrame, rows: pl.Series) -> Mapped:
    """Map ``table`` (one text column for each column of the file; ``rows``: their places there).

    The table has at least the columns that ``columns_of(mapping)`` names. No row is lost and none
    raises: a row that cannot be an act is refused with the first thing that is wrong with it.
    """
    tidy = table.select(pl.all().str.strip_chars().replace("", None))
    parsed = _fields(mapping, tidy)
    withdrawn = flags(parsed["withdrawn"].values)
    values = {name: field.values for name, field in parsed.items()}
    faults = [fault for field in parsed.values() for fault in field.faults]
    for rule in mapping.inputs:
        field = inputs.read_input(tidy, rule)
        values[f"in_{rule.name}"] = field.values
        faults += _except(withdrawn, field.faults)
    for rule in mapping.signals:
        field = inputs.read_input(tidy, rule)
        values[f"sig_{rule.name}"] = field.values.cast(pl.Int64)
        faults += _except(withdrawn, field.faults)
    for name, column in mapping.tokens.items():
        values[f"sig_{name}"] = tidy[column]
    faults += _except(withdrawn, _named(mapping, tidy, values))
    return _divide({"row": rows} | values, faults)


def _fields(mapping: FieldMapping, table: pl.DataFrame) -> dict[str, Parsed]:
    """Every field of a report but the inputs, by name."""
    zone = mapping.file
    started = instants(_joined(table, mapping.started.columns), mapping.started, zone)
    fields = {
        "external_id": identity.external_ids(table, mapping.external_id),
        "person": identity.people(table, mapping.person),
        "scene": inputs.choose(table, mapping.scene, "unknown_scene"),
        "started_us": started,
        "ended_us": _ends(mapping, table, started),
        "grade": inputs.choose(table, mapping.grade, "unknown_grade"),
        "item_key": _nothing(table),
        "revision": Parsed(pl.Series(np.zeros(len(table), np.int32))),
        "withdrawn": Parsed(pl.Series(np.zeros(len(table), np.bool_))),
    }
    if mapping.item_key:
        fields["item_key"] = identity.item_keys(table, mapping.item_key)
    if mapping.revision:
        fields["revision"] = inputs.whole_column(
            table, mapping.revision, _LARGEST_REVISION, "bad_revision"
        )
    if mapping.withdrawn:
        taken_back = table[mapping.withdrawn.column].is_in(list(mapping.withdrawn.values))
        fields["withdrawn"] = Parsed(taken_back.fill_null(False))
    return fields


def _ends(mapping: FieldMapping, table: pl.DataFrame, started: Parsed) -> Parsed:
    if mapping.ended is None:
        return Parsed(started.values)
    if not isinstance(mapping.ended, Number):
        return instants(_joined(table, mapping.ended.columns), mapping.ended, mapping.file)
    column = mapping.ended.column
    lasted = whole_numbers(table[column], mapping.ended.factor, column=column)
    room_us = mapping.file.not_after_us - started.values
    beyond = (lasted.values > room_us).fill_null(False)
    faults = (
        *lasted.faults,
        Fault(flags(table[column].is_null()), "missing_time", column),
        Fault(flags(beyond), "time_out_of_range", column),
    )
    return Parsed((started.values + lasted.values).set(beyond, None), faults)


def _joined(table: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """The columns' texts with a space between them; null where one is empty."""
    texts = table[columns[0]]
    for column in columns[1:]:
        texts = texts + " " + table[column]
    return texts


def _nothing(table: pl.DataFrame) -> Parsed:
    return Parsed(pl.Series([None], dtype=pl.String).new_from_index(0, len(table)))


def _named(
    mapping: FieldMapping, table: pl.DataFrame, values: dict[str, pl.Series]
) -> Iterable[Fault]:
    """The faults that the mapping's own rules name."""
    duration_us: Ints = (values["ended_us"] - values["started_us"]).fill_null(0).to_numpy()
    for rule in mapping.rules:
        mask = holds(rule.when, table, duration_us)
        yield Fault(mask, rule.code, "", hold=rule.hold)


def _except(rows: Flags, faults: Iterable[Fault]) -> list[Fault]:
    """The faults without ``rows``: what takes an event back need not describe it again."""
    return [replace(fault, mask=fault.mask & ~rows) for fault in faults]


def _divide(values: dict[str, pl.Series], faults: list[Fault]) -> Mapped:
    """Sound and held rows to the report, the others to the refused."""
    frame = pl.DataFrame([series.alias(name) for name, series in values.items()])
    first = first_fault(faults, len(frame))
    hold = np.array([fault.hold for fault in faults] + [False])[first]  # the last one is for -1
    refused = (first >= 0) & ~hold
    report = frame.with_columns(pl.Series("held", hold)).filter(~refused)
    schema = REPORT_SCHEMA | {name: pl.Int64 for name in values if name.startswith("in_")}
    schema |= {name: type(values[name].dtype) for name in values if name.startswith("sig_")}
    return Mapped(
        _typed(report, schema),
        _notes(frame, faults, first, refused),
        _notes(frame, faults, first, hold),
    )


def _notes(frame: pl.DataFrame, faults: list[Fault], first: Ints, mask: Flags) -> pl.DataFrame:
    which = first[mask]
    notes = frame.select("row", "external_id").filter(mask)
    codes = pl.Series("code", [fault.code for fault in faults], dtype=pl.String)
    columns = pl.Series("column", [fault.column for fault in faults], dtype=pl.String)
    return _typed(notes.with_columns(codes.gather(which), columns.gather(which)), NOTES_SCHEMA)


def _typed(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
