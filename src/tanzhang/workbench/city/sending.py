"""The city's batches to their destination: through the door and settled, or into a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tanzhang.problems import Problem
from tanzhang.workbench.city.arrivals import Batch, City, batches

#: Settle what waits whenever so many reports were accepted, so that the queue stays short.
SETTLE_EVERY = 50_000


@dataclass
class Sent:
    """What was sent: batches, reports in all and by scene; and what the door said of them."""

    batches: int = 0
    rows: int = 0
    scenes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    keys: list[pl.Series] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Count one batch."""
        self.batches += 1
        self.rows += len(batch.reports)
        self.scenes.update(dict(batch.reports["scene"].value_counts().iter_rows()))

    def judged(self, verdicts: pl.DataFrame) -> None:
        """Count what the door said of a batch."""
        self.verdicts.update(dict(verdicts["verdict"].value_counts().iter_rows()))
        self.codes.update(dict(verdicts["code"].drop_nulls().value_counts().iter_rows()))
        self.keys.append(verdicts["event_key"].drop_nulls())

    def event_keys(self) -> pl.Series:
        """The key of every event that was reported, once each (hexadecimal text)."""
        return pl.concat([pl.Series(dtype=pl.String), *self.keys]).unique()


#: Told after each batch, for a progress bar.
Progress = Callable[[Batch], None]


def count(city: City, progress: Progress) -> Sent:
    """Make every batch and keep none."""
    sent = Sent()
    for batch in batches(city):
        sent.add(batch)
        progress(batch)
    return sent


def write(city: City, folder: Path, progress: Progress) -> Sent:
    """Write each batch as a Parquet file; names sort in order of arrival.

    The folder is made if it is missing. Raises ``simulate.folder_not_empty`` and
    ``simulate.folder_unwritable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Problem("simulate.folder_not_empty", folder=str(folder))
        sent = Sent()
        for batch in batches(city):
            batch.reports.write_parquet(folder / file_name(batch))
            sent.add(batch)
            progress(batch)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem("simulate.folder_unwritable", folder=str(folder), reason=reason) from error
    return sent


def file_name(batch: Batch) -> str:
    """``20260302T160000Z-metro-demo.parquet``."""
    received = datetime.fromtimestamp(batch.received_us // 1_000_000, UTC)
    return f"{received:%Y%m%dT%H%M%SZ}-{batch.partner}.parquet"


def report(city: City, programme: str, progress: Progress) -> Sent:
    """Open the citizens' accounts, report every batch at the door, and settle.

    Reporting the same city again changes nothing. Raises what ``accept`` raises.
    """
    from tanzhang.apps.activities.api import accept, drain
    from tanzhang.workbench.city.residents import enrol_residents

    enrol_residents(city, programme)
    sent, waiting = Sent(), 0
    for batch in batches(city):
        acceptance = accept(
            batch.reports,
            partner=batch.partner,
            programme=programme,
            received_us=batch.received_us,
        )
        sent.add(batch)
        sent.judged(acceptance.verdicts)
        waiting += acceptance.counts["accepted"]
        if waiting >= SETTLE_EVERY:
            drain()
            waiting = 0
        progress(batch)
    drain()
    return sent
