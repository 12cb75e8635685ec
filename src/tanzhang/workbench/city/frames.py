"""Reports as the canonical report frame that a partner hands to the door."""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.identifiers import date_ids, uuid7_ids
from tanzhang.workbench.city.mishaps import Reports
from tanzhang.workbench.city.streams import STREAMS, UUID_PARTNERS, Measure

PARTNERS = tuple(dict.fromkeys(stream.partner for stream in STREAMS))
INPUTS = tuple(dict.fromkeys(name for stream in STREAMS for name in stream.inputs))

SCENES = pl.Series([stream.scene for stream in STREAMS])
GRADES = np.array([stream.grade for stream in STREAMS], np.int16)
ITEM_PREFIXES = pl.Series([stream.item_prefix or None for stream in STREAMS], dtype=pl.String)
PARTNER_OF_STREAM = np.array([PARTNERS.index(stream.partner) for stream in STREAMS], np.int64)


def inputs_of(partner: str) -> tuple[str, ...]:
    """The inputs that a partner's streams report, in a fixed order."""
    given = {name for stream in STREAMS if stream.partner == partner for name in stream.inputs}
    return tuple(name for name in INPUTS if name in given)


def report_frame(city: str, day: int, reports: Reports) -> pl.DataFrame:
    """All reports of a local day's acts with ``sent_us``, ``partner`` (place in ``PARTNERS``), the
    columns of the report frame except ``row``, and one ``in_<name>`` for every input there is."""
    acts, stream = reports.acts, reports.acts.stream.astype(np.uint32)
    return pl.DataFrame(
        {
            "sent_us": reports.sent_us,
            "partner": PARTNER_OF_STREAM[stream],
            "external_id": _external_ids(city, day, reports),
            "revision": reports.revision.astype(np.int32),
            "withdrawn": reports.withdrawn,
            "held": np.zeros(len(reports), np.bool_),
            "person": person_names(city, acts.citizen),
            "scene": SCENES.gather(stream),
            "started_us": acts.started_us,
            "ended_us": acts.ended_us,
            "grade": GRADES[stream],
            "item_key": _item_keys(city, acts.stream, acts.item),
            **{f"in_{name}": _input(name, reports) for name in INPUTS},
        }
    )


def _external_ids(city: str, day: int, reports: Reports) -> pl.Series:
    """One id for each act, by its partner's habit; all reports of an act share it."""
    habit = np.array([stream.partner in UUID_PARTNERS for stream in STREAMS])
    by_uuid: Flags = habit[reports.acts.stream]
    ids = date_ids(day, city, reports.serial)
    uuids = uuid7_ids(reports.acts.known_us, reports.random)
    return uuids.zip_with(pl.Series(by_uuid), ids)


def person_names(city: str, citizen: Ints) -> pl.Series:
    """How every partner of the city names a citizen, counted from one: ``7x2000-00042``."""
    digits = pl.Series("digits", citizen + 1).cast(pl.String).str.zfill(5)
    return pl.select(pl.concat_str(pl.lit(f"{city}-"), digits)).to_series()


def _item_keys(city: str, stream: Ints, item: Ints) -> pl.Series:
    """The plain name of each shared thing; null where the stream has none."""
    digits = pl.Series("item", item).cast(pl.String).str.zfill(7)
    prefixes = ITEM_PREFIXES.gather(stream.astype(np.uint32))
    return pl.select(pl.concat_str(prefixes, pl.lit(f"-{city}-"), digits)).to_series()


def _input(name: str, reports: Reports) -> pl.Series:
    """The values of one input; null where the stream does not report it."""
    acts = reports.acts
    values, given = np.zeros(len(reports), np.int64), np.zeros(len(reports), np.bool_)
    for number, stream in enumerate(STREAMS):
        if name in stream.inputs:
            rows = acts.stream == number
            source = stream.inputs[name]
            values = np.where(rows, _measured(source, acts.quantity, acts.second), values)
            given |= rows
    return pl.Series(values).zip_with(pl.Series(given), pl.Series([None], dtype=pl.Int64))


def _measured(source: Measure | int, quantity: Ints, second: Ints) -> Ints | int:
    if source is Measure.QUANTITY:
        return quantity
    return second if source is Measure.SECOND else source
