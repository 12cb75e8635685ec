"""From the events of a batch to a report for the door, column by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from tanzhang.apps.activities.intake.faults import Faults
from tanzhang.apps.activities.intake.fields import Fields
from tanzhang.apps.activities.intake.seals import Opener
from tanzhang.apps.activities.intake.signals import signal_columns
from tanzhang.apps.activities.intake.times import instants_us
from tanzhang.apps.activities.report import INPUT_PREFIX, REPORT
from tanzhang.engine.jsontext import Integers, Kind, Records, unusable_strings
from tanzhang.engine.rules import Flags

REPORTED: Final = "cn.tanzhang.activity.reported.v1"
WITHDRAWN: Final = "cn.tanzhang.activity.withdrawn.v1"

_ATTRIBUTES: Final = (
    *("specversion", "id", "source", "type", "time", "subject", "programme", "revision", "data"),
    *("datacontenttype", "dataschema"),
)
_DATA: Final = ("scene", "ended_at", "grade", "item_key", "inputs", "signals")

_ATTRIBUTE_NAME: Final = re.compile(r"[a-z0-9]{1,64}")
_SHOWN_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")

_INT16, _INT32 = 2**15 - 1, 2**31 - 1


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a partner's events are read."""

    partner: str
    programme: str
    scenes: Collection[str] | None  #: those agreed on; None for all that the programme allows
    grade: int  #: of events that state none
    most_grade: int  #: of events that are accepted
    inputs: Collection[str]  #: the names of all inputs that any pack in force has
    signals: Collection[str] = ()  #: those that some judged scene of the programme needs


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a batch: those without fault as a report, and every one's id and fault.

    ``items`` has one row an event with ``row``, ``external_id``, ``revision`` and ``code``.
    ``dropped`` names the fields that were sent and are not kept, as JSON pointers.
    """

    report: pl.DataFrame
    items: pl.DataFrame
    dropped: tuple[str, ...]


def read_events(events: Records, terms: Terms, unwrap: Callable[[], Opener | str]) -> Events:
    """Read the events of a batch. A bad event is told by its code and harms no other."""
    faults = Faults(len(events))
    faults.note(events.tokens.kind[events.begin] != Kind.OPEN_OBJECT, "event_malformed")
    faults.note(_of_records(events, events.members.repeated()), "name_repeated")
    faults.note(_with_unusable_text(events), "text_unusable")
    fields = Fields(events, faults, unwrap)
    head = _head(fields, terms)
    _check_attributes(fields)
    columns = {**head, **_data(fields, terms, head), **_inputs(fields, terms)}
    columns |= signal_columns(fields, terms.signals)
    frame = pl.DataFrame({"row": np.arange(len(events), dtype=np.uint32), **columns})
    items = frame.select("row", "external_id", "revision").with_columns(code=faults.codes())
    report = frame.filter(faults.none).with_columns(
        pl.col(name).cast(dtype) for name, dtype in REPORT.items()
    )
    return Events(report, items, _dropped(events, terms))


def _head(fields: Fields, terms: Terms) -> dict[str, pl.Series]:
    """The attributes of CloudEvents, as columns of a report."""
    faults = fields.faults
    faults.note(_differs(fields.text("specversion"), ["1.0"]), "specversion_unknown")
    kind = fields.text("type")
    faults.note(_differs(kind, [REPORTED, WITHDRAWN]), "type_unknown")
    source, external_id = fields.text("source"), fields.text("id")
    own = rf"^/{re.escape(terms.partner)}(/[A-Za-z0-9._~/-]*)?$"
    faults.note(~source.str.contains(own).fill_null(False).to_numpy(), "source_foreign")
    programme = fields.text("programme")
    elsewhere = _differs(programme, [terms.programme]) & programme.is_not_null().to_numpy()
    faults.note(elsewhere, "programme_differs")
    revision = fields.number("revision")
    out = (revision.values < 0) | (revision.values > _INT32)
    faults.note(revision.given & out, "revision_invalid")
    fields.named.update(source=source, id=external_id.fill_null(""))
    return {
        "external_id": external_id,
        "revision": pl.Series(np.where(out, 0, revision.values), dtype=pl.Int32),
        "withdrawn": (kind == WITHDRAWN).fill_null(False),
        "held": pl.repeat(False, len(kind), eager=True),
        "person": fields.text("subject", may_be_sealed=True),
        "started_us": _time(fields, "time"),
    }


def _data(fields: Fields, terms: Terms, head: dict[str, pl.Series]) -> dict[str, pl.Series]:
    """What an event says of its act, but for the inputs."""
    faults = fields.faults
    faults.note(~fields.object("data"), "data_missing")
    scene = fields.text("data", "scene")
    grade = fields.number("data", "grade")
    out = (grade.values < 0) | (grade.values > _INT16)
    faults.note(grade.given & out, "grade_invalid")
    ended_us = _time(fields, "data", "ended_at")
    # What takes nothing from anybody needs no agreement: an earlier report may be withdrawn.
    reported = ~head["withdrawn"].to_numpy()
    if terms.scenes is not None:
        foreign = scene.is_not_null().to_numpy() & _differs(scene, terms.scenes)
        faults.note(foreign & reported, "scene_not_agreed")
    strong = grade.given & ~out & (grade.values > terms.most_grade)
    faults.note(strong & reported, "grade_above_agreement")
    return {
        "scene": scene,
        "ended_us": ended_us.zip_with(ended_us.is_not_null(), head["started_us"]),
        "grade": pl.Series(np.where(grade.given & ~out, grade.values, terms.grade), dtype=pl.Int16),
        "item_key": fields.text("data", "item_key", may_be_sealed=True),
    }


def _inputs(fields: Fields, terms: Terms) -> dict[str, pl.Series]:
    """One column for each input that an event names and some methodology has."""
    fields.object("data", "inputs")
    members = fields.events.members
    rows = members.below("data", "inputs")
    sent = {members.names[code] for code in np.unique(members.name[rows]).tolist()}
    unknown = rows.copy()
    columns = {}
    for name in sorted(sent & set(terms.inputs)):
        unknown &= ~members.named(rows, name)
        columns[INPUT_PREFIX + name] = _column(
            fields.number("data", "inputs", name, may_be_sealed=True)
        )
    fields.faults.note(_of_records(fields.events, unknown), "input_unknown")
    return columns


def _check_attributes(fields: Fields) -> None:
    """Further attributes are names and plain values, as CloudEvents has them; none is kept."""
    members, tokens = fields.events.members, fields.events.tokens
    known = [code for code, name in enumerate(members.names) if name in _ATTRIBUTES]
    others = members.own & ~np.isin(members.name, known)
    if not others.any():
        return
    odd = [c for c, name in enumerate(members.names) if not _ATTRIBUTE_NAME.fullmatch(name)]
    compound = np.isin(tokens.kind[members.value], (Kind.OPEN_OBJECT, Kind.OPEN_LIST))
    wrong = others & (np.isin(members.name, odd) | compound)
    fields.faults.note(_of_records(fields.events, wrong), "attribute_unusable")


def _dropped(events: Records, terms: Terms) -> tuple[str, ...]:
    """The fields that no event needs: they stay in the delivery as it came, and nowhere else."""
    members = events.members
    found: set[str] = set()
    for path, known in (
        ((), _ATTRIBUTES),
        (("data",), _DATA),
        (("data", "signals"), terms.signals),
    ):
        rows = members.below(*path)
        for code in np.unique(members.name[rows]).tolist():
            name = members.names[code]
            if name not in known:
                shown = name if _SHOWN_NAME.fullmatch(name) else "*"
                found.add("/".join(("", *path, shown)))
    return tuple(sorted(found)[:50])


def _time(fields: Fields, *path: str) -> pl.Series:
    text = fields.text(*path)
    instant = instants_us(text)
    fields.faults.note((text.is_not_null() & instant.is_null()).to_numpy(), "time_invalid")
    return instant


def _differs(column: pl.Series, expected: Collection[str]) -> Flags:
    """Where a text is none of those expected; a missing one is none of them."""
    return np.array([text not in expected for text in column.to_list()], np.bool_)


def _column(numbers: Integers) -> pl.Series:
    return pl.Series(numbers.values).set(pl.Series(~numbers.given), None)


def _of_records(events: Records, rows: Flags) -> Flags:
    """The events that one of these members is part of."""
    wrong = np.zeros(len(events), np.bool_)
    wrong[events.members.record[rows]] = True
    return wrong


def _with_unusable_text(events: Records) -> Flags:
    tokens = unusable_strings(events.tokens)
    wrong = np.zeros(len(events), np.bool_)
    wrong[np.searchsorted(events.begin, tokens, side="right") - 1] = True
    return wrong
