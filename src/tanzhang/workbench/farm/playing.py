"""A drill from its first day to its last, through the real door, worker and sweeps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue import api as catalogue
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people
from tanzhang.engine.packs import library_with_programme
from tanzhang.stored_time import DAY_US
from tanzhang.workbench.farm.people import DAYS
from tanzhang.workbench.farm.reporting import FIRST, Cast, evenings, make_cast
from tanzhang.workbench.farm.rows import KNOWN, ROW, SECOND_US, midnight_us

PROGRAMME: Final = "farm"
PARTNERS: Final = (
    *("farm-steps", "farm-watch", "farm-rides", "farm-metro", "farm-bank", "farm-orders"),
)
_PACKS: Final = ("hankou-walk", "meituan-bike", "shenzhen-transit", "beijing-takeaway")

#: Days between two settlements.
_SETTLED_EVERY: Final = 20

#: When nobody acts any more, withdrawals come and sweeps are made only so often: later than they
#: would be, and never sooner.
_QUIET_EVERY: Final = 5


@dataclass
class Played:
    """What a drill leaves to be measured.

    ``acts`` has ``rows.KNOWN``, ``scene``, ``person``, the inputs and ``event_key`` (hex) of every
    act that the door took; ``aside`` says on which day of the drill an event was first put aside,
    ``back`` on which it was withdrawn.
    """

    acts: list[pl.DataFrame] = field(default_factory=list)
    aside: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    back: list[pl.DataFrame] = field(default_factory=list)
    seen: int = 0


def play(seed: int, honest: int, *, guarded: bool = True) -> pl.DataFrame:
    """Play a drill in this (scratch) installation; its acts, with what became of them.

    Columns: those of ``Played.acts``; as the books have it in the end ``credited_mg``, before it
    was withdrawn or put aside ``given_mg``, and ``waits``, the days after which its points were
    available; ``back_day`` (null: never withdrawn), ``aside_day``, ``aside_source``,
    ``aside_rule`` (null: never put aside). Unguarded, no scene is judged, and cheats are alone.
    """
    cast = make_cast(seed, honest, alone=not guarded)
    _prepare(guarded)
    _enrol(cast)
    played = Played()
    waiting: list[pl.DataFrame] = []
    for day, reports in evenings(cast):
        waiting.append(reports)
        if day >= DAYS and day % _QUIET_EVERY:
            continue
        _report(pl.concat(waiting), day, played)
        waiting.clear()
        if (day + 1) % _SETTLED_EVERY == 0:  # the order does not matter to the books
            activities.drain()
        if guarded:
            activities.sweep_authenticity(FIRST + day, _PACKS)
            _note_aside(played, day)
    activities.drain()
    return _outcomes(played)


def _report(due: pl.DataFrame, day: int, played: Played) -> None:
    """Bring what is due to the door, partner by partner."""
    received_us = midnight_us(FIRST, day + 1) + 30 * 60 * SECOND_US
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
        told = frame.join(verdicts.select("row", "event_key"), on="row")
        played.acts.append(told.filter(~pl.col("withdrawn")).select(*kept, "event_key"))
        back = told.filter("withdrawn").select("event_key", back_day=pl.lit(day, pl.Int64))
        played.back.append(back)


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


#: An event's outcomes are differences, so that their sum is what stands in the end.
_BOOKS: Final = """
select encode(uuid_send(event_key), 'hex'), sum(credited_mg)::bigint,
    sum(greatest(credited_mg, 0))::bigint, max(available_after_days)::bigint
from activity where event_key = any(%s) group by event_key
"""
_TEXTS: Final = ("event_key", "aside_source", "aside_rule")


def _frame(rows: Sequence[tuple[object, ...]], *names: str) -> pl.DataFrame:
    schema = {name: pl.String if name in _TEXTS else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema, orient="row")


def _outcomes(played: Played) -> pl.DataFrame:
    acts = pl.concat(played.acts)
    keys = [uuid.UUID(hex=key) for key in acts["event_key"].unique().to_list()]
    with bulk_transaction() as cursor:
        cursor.execute(_BOOKS, [keys])
        books = _frame(cursor.fetchall(), "event_key", "credited_mg", "given_mg", "waits")
    told = [(key, *first) for key, first in played.aside.items()]
    aside = _frame(told, "event_key", "aside_day", "aside_source", "aside_rule")
    found = acts
    for more in (books, aside, pl.concat(played.back)):
        found = found.join(more, on="event_key", how="left")
    return found


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


def _enrol(cast: Cast) -> None:
    """One account for each person, known to every partner."""
    ages = dict(zip(cast.names, cast.who.joined_before.tolist(), strict=True))
    for cheat in cast.cheats:
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
                joined_day=FIRST - age,
                consent_from_us=midnight_us(FIRST, 0) - age * DAY_US,
            )
