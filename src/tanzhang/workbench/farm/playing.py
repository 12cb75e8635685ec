"""A drill from its first day to its last, through the real door, worker and sweeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import polars as pl

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue import api as catalogue
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people
from tanzhang.engine.packs import library_with_programme
from tanzhang.workbench.farm.casting import HABITS, make_cheats
from tanzhang.workbench.farm.cheats import Today, gather
from tanzhang.workbench.farm.honest import day_of_honest
from tanzhang.workbench.farm.people import DAYS, Cheat, make_honest
from tanzhang.workbench.farm.rows import DAY_US, KNOWN, ROW, SECOND_US, midnight_us

PROGRAMME: Final = "farm"
PARTNERS: Final = ("farm-steps", "farm-rides", "farm-metro", "farm-bank", "farm-orders")
START: Final = date(2026, 8, 3)
_FIRST: Final = START.toordinal() - date(1970, 1, 1).toordinal()

#: Days between two settlements.
_SETTLED_EVERY: Final = 10

#: Of a thousand reports, how many come a day later than the others.
_LATE: Final = 30


@dataclass
class Played:
    """What a drill leaves to be measured.

    ``acts`` has ``rows.KNOWN``, ``scene``, ``person``, the inputs and ``event_key`` (hex) of every
    act that the door took; ``aside`` says on which day of the drill an event was first put aside.
    """

    acts: list[pl.DataFrame] = field(default_factory=list)
    aside: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    seen: int = 0


def play(seed: int, honest: int, *, guarded: bool = True) -> pl.DataFrame:
    """Play a drill in this (scratch) installation; its acts, with what became of them.

    Columns: those of ``Played.acts``, ``credited_mg`` as the books have it in the end, and
    ``aside_day``, ``aside_source``, ``aside_rule`` (null: never put aside).
    """
    _prepare(guarded)
    cheats = make_cheats(seed, honest)
    who = make_honest(seed, honest)
    names = [f"{seed}-honest-{number}" for number in range(honest)]
    _enrol(names, who.joined_before.tolist(), cheats)
    played, waiting = Played(), pl.DataFrame(schema={**ROW, "due": pl.Int64, **_SENDING})
    for day in range(DAYS):
        midnight = midnight_us(_FIRST, day)
        weekend = (START + timedelta(days=day)).weekday() >= 5
        today = pl.concat(
            [
                day_of_honest(seed, who, names, day, midnight, weekend),
                gather(list(_cheating(seed, cheats, day, midnight))),
            ]
        )
        waiting = pl.concat([waiting, _sent(seed, today, day)])
        _report(waiting.filter(pl.col("due") == day), day, played)
        waiting = waiting.filter(pl.col("due") > day)
        if (day + 1) % _SETTLED_EVERY == 0:  # the order does not matter to the books
            activities.drain()
        activities.sweep_authenticity(_FIRST + day)
        _note_aside(played, day)
    activities.drain()
    return _outcomes(played)


def _cheating(seed: int, cheats: list[Cheat], day: int, midnight: int) -> Iterator[dict[str, Any]]:
    for cheat in cheats:
        if day >= cheat.from_day:
            rng = Random(f"{seed}-{cheat.name}-{day}")  # noqa: S311 - repeatable chance
            today = Today(day, midnight, rng)
            yield from HABITS[cheat.attack](cheat, today)


_SENDING: Final = {"external_id": pl.String, "revision": pl.Int32, "withdrawn": pl.Boolean}


def _sent(seed: int, acts: pl.DataFrame, day: int) -> pl.DataFrame:
    """The day's reports, each due on the evening of some day, and the withdrawals to come."""
    rng = np.random.default_rng([seed, day, 7])
    late = (rng.integers(0, 1000, len(acts)) < _LATE).astype(np.int64)
    stamp = f"{START + timedelta(days=day):%Y%m%d}"
    first = acts.with_columns(
        due=pl.lit(day, pl.Int64) + pl.Series(late),
        external_id=pl.format("{}-{}", pl.lit(stamp), pl.int_range(pl.len())),
        revision=pl.lit(0, pl.Int32),
        withdrawn=pl.lit(False),
    )
    back = first.filter(pl.col("withdrawn_after").is_not_null()).with_columns(
        due=pl.max_horizontal(pl.col("due"), day + pl.col("withdrawn_after")),
        revision=pl.lit(1, pl.Int32),
        withdrawn=pl.lit(True),
    )
    return pl.concat([first, back]).select([*ROW, "due", *_SENDING])


def _report(due: pl.DataFrame, day: int, played: Played) -> None:
    """Bring what is due to the door, partner by partner."""
    received_us = midnight_us(_FIRST, day + 1) + 30 * 60 * SECOND_US
    kept = [*KNOWN, "scene", "person", "started_us", *(n for n in ROW if n.startswith("in_"))]
    for partner in PARTNERS:
        frame = due.filter(pl.col("partner") == partner).sort("started_us", "external_id")
        if frame.is_empty():
            continue
        frame = frame.with_row_index("row").with_columns(
            pl.col("row").cast(pl.UInt32), held=pl.lit(False)
        )
        used = [name for name in frame.columns if not _empty(frame, name)]
        report = frame.select(
            *activities.REPORT, *(n for n in used if n.startswith(("in_", "sig_")))
        )
        taken = activities.accept(
            report, partner=partner, programme=PROGRAMME, received_us=received_us
        )
        verdicts = taken.verdicts.filter(pl.col("verdict").is_in(["accepted", "held"]))
        reported = frame.filter(~pl.col("withdrawn"))
        told = reported.join(verdicts.select("row", "event_key"), on="row")
        played.acts.append(told.select(*kept, "event_key"))


def _empty(frame: pl.DataFrame, name: str) -> bool:
    return name.startswith(("in_", "sig_")) and frame[name].null_count() == len(frame)


def _note_aside(played: Played, day: int) -> None:
    with bulk_transaction() as cursor:
        cursor.execute(
            "select id, event_key, source, rule from quarantine where id > %s order by id",
            [played.seen],
        )
        for number, key, source, rule in cursor.fetchall():
            played.seen = number
            played.aside.setdefault(key.hex, (day, source, rule))


def _outcomes(played: Played) -> pl.DataFrame:
    acts = pl.concat(played.acts)
    keys = [uuid.UUID(hex=key) for key in acts["event_key"].unique().to_list()]
    with bulk_transaction() as cursor:
        cursor.execute(
            "select encode(uuid_send(event_key), 'hex'), sum(credited_mg)::bigint from activity"
            " where event_key = any(%s) group by event_key",
            [keys],
        )
        credited = pl.DataFrame(
            cursor.fetchall(), {"event_key": pl.String, "credited_mg": pl.Int64}, orient="row"
        )
    aside = pl.DataFrame(
        [(key, *told) for key, told in played.aside.items()],
        {
            "event_key": pl.String,
            "aside_day": pl.Int64,
            "aside_source": pl.String,
            "aside_rule": pl.String,
        },
        orient="row",
    )
    return acts.join(credited, on="event_key", how="left").join(aside, on="event_key", how="left")


def _prepare(guarded: bool) -> None:
    """Load the drill's programme and put it into force; unguarded, none of its scenes is judged."""
    text = files("tanzhang.workbench.farm").joinpath("programme.yaml").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        file = Path(folder, "farm.yaml")
        told = text if guarded else text.replace("judged: true", "judged: false")
        file.write_text(told, encoding="utf-8")
        library, programme = library_with_programme(file)
        catalogue.load_catalogue(library, [programme.id])
    pending = catalogue.pending_versions(PROGRAMME)
    if pending:
        number = catalogue.propose_activation(
            pending, from_day=catalogue.preview(pending).from_day, by="farm"
        )
        activities.change_rules(
            lambda: [catalogue.approve_activation(number, by="farm's second person")]
        )


def _enrol(names: list[str], joined_before: list[int], cheats: list[Cheat]) -> None:
    """One account for each person, known to every partner."""
    ages = dict(zip(names, joined_before, strict=True))
    for cheat in cheats:
        ages[cheat.name] = max(cheat.joined_before - cheat.from_day, 0)
        ages[f"{cheat.name}-b"] = ages[cheat.name]
    rules = catalogue.rulebook_in_force()
    ids = {code: partners.partner(code).id for code in PARTNERS}
    secret = people.installation_secret()
    with bulk_transaction() as cursor:
        for age in sorted(set(ages.values())):
            persons = [name for name, known in ages.items() if known == age]
            refs = {ids[code]: people.person_refs(secret, code, persons) for code in PARTNERS}
            people.enrol(
                cursor,
                partner_id=ids[PARTNERS[0]],
                programme_id=rules.programme_ids[PROGRAMME],
                refs=refs.pop(ids[PARTNERS[0]]),
                also_known=refs,
                account_handles=[f"{PROGRAMME}-{name}" for name in persons],
                joined_day=_FIRST - age,
                consent_from_us=midnight_us(_FIRST, 0) - age * DAY_US,
            )
