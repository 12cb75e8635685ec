"""Pulling: look, fetch what is new, import it, and remember what was fetched.

What was fetched is remembered in a file beside the results, only to spare work: the door knows each
event, so a file that is fetched twice counts once.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from tanzhang.apps.activities.api import take_pulled
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import AgreementEntry
from tanzhang.apps.people.api import installation
from tanzhang.problems import Problem
from tanzhang.workbench.files import load_map, open_file
from tanzhang.workbench.importing import ResultWriter, Tally, import_file
from tanzhang.workbench.pulling.remote import reach
from tanzhang.workbench.pulling.settings import Source

#: So many days a source may be out of reach before a day's file is missed.
DAYS_BACK: Final = 14

_MEMORY: Final = "fetched.json"

#: Problems that a file has for good; of any other it is brought to the door again next time.
_OF_THE_FILE: Final = "imports."


@dataclass(frozen=True, slots=True)
class Pulled:
    """A file that was fetched and brought to the door. ``problem`` is its code if it broke."""

    name: str
    counts: Mapping[str, Any]
    problem: str | None


def pull(source: Source, home: Path, at: datetime | None = None) -> list[Pulled]:
    """Fetch and import every file of a source that is new or has changed.

    What a file brings is kept as batches, and counted against the agreement's items a day. Results,
    a line for each row, go to ``<home>/pulls/<source>/<file>.results.csv``. The partner
    needs a live agreement to ``pull``. Raises ``partners.agreement_missing``,
    ``partners.partner_suspended``, ``pulls.…`` and ``imports.map_…``; a broken file is a result.
    """
    now = at or datetime.now(UTC)
    _agreement(source)
    folder = home / "pulls" / source.name
    folder.mkdir(parents=True, exist_ok=True)
    fetched = _remembered(folder)
    done = []
    plain_http = installation().is_fictitious
    with reach(source, _days(source, now), plain_http=plain_http) as remote:
        for file in remote.listed():
            if file.version and fetched.get(file.name) == file.version:
                continue
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                path = Path(scratch) / _plain(file.name)
                remote.fetch(file, path)
                pulled = _import(source, path, folder)
            done.append(pulled)
            if pulled.problem is None or pulled.problem.startswith(_OF_THE_FILE):
                fetched[file.name] = file.version
                _remember(folder, fetched)
    return done


def _days(source: Source, now: datetime) -> list[date]:
    """The days whose files are asked for, the oldest first: local days of the programme."""
    zone = ZoneInfo(rulebook_in_force().programme(source.programme).time_zone)
    today = now.astimezone(zone).date()
    return [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]


def _agreement(source: Source) -> AgreementEntry:
    """The agreement that lets us fetch. Raises as ``pull`` does."""
    entry = partners.partner(source.partner)
    if rulebook_in_force().programme_code(entry.programme_id) != source.programme:
        raise Problem("door.partner_elsewhere", partner=entry.code, programme=source.programme)
    if partners.standing(entry.id) is not partners.Standing.ACTIVE:
        raise Problem("partners.partner_suspended", partner=source.partner)
    return partners.agreement(entry.id, partners.AgreementKind.PULL)


def _import(source: Source, path: Path, folder: Path) -> Pulled:
    """Bring one file to the door; rows before a broken place stand."""
    mapping = load_map(source.map)
    agreement, entry = _agreement(source), partners.partner(source.partner)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.new("sm3")).hexdigest()
    origin = json.dumps({"file": path.name, "sm3": digest, "source": source.name}).encode()

    def to_door(report: pl.DataFrame) -> pl.DataFrame:
        return take_pulled(
            report,
            partner=entry,
            agreement=agreement,
            received_us=time.time_ns() // 1000,
            origin=origin,
            enrol=mapping.person.enrol,
        )

    tally, broken = Tally(), None
    try:
        with (
            open_file(path, mapping) as opened,
            ResultWriter(folder / f"{path.name}.results.csv", mapping, "en") as results,
        ):
            for part, _ in import_file(opened, mapping, to_door):
                tally.add(part)
                results.write(part)
    except Problem as problem:
        broken = problem.code
    return Pulled(path.name, tally.as_json(), broken)


def _plain(name: str) -> str:
    """A remote name as a name of ours: no folders, nothing hidden."""
    plain = name.replace("\\", "/").rpartition("/")[2].lstrip(".")
    if not plain or "\0" in plain:
        raise Problem("pulls.name_unusable", file=name[:80])
    return plain


def _remembered(folder: Path) -> dict[str, str]:
    """Version by name of what was fetched; nothing where nothing was."""
    path = folder / _MEMORY
    try:
        said: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return said


def _remember(folder: Path, fetched: Mapping[str, str]) -> None:
    fresh = folder / f"{_MEMORY}.new"
    fresh.write_text(json.dumps(fetched, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(folder / _MEMORY)
