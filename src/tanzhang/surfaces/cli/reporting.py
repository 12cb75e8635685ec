"""What commands share that read a file and report it: the door, what it came to, a bar."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    import polars as pl

    from tanzhang.workbench.importing import Door


@contextlib.contextmanager
def door(programme: str, partner: str, *, enrol: bool, keep: bool) -> Iterator[Door]:
    """The real door; unless ``keep``, all that it wrote is taken back at the end.

    ``enrol``: unknown people are enrolled, which marks an installation without accounts.
    """
    from tanzhang.config import setup
    from tanzhang.config.kind import admit_fictitious_people

    setup()
    if enrol and keep:
        admit_fictitious_people()

    from django.db import transaction

    from tanzhang.apps.activities.api import accept

    def report_to(report: pl.DataFrame) -> pl.DataFrame:
        acceptance = accept(
            report,
            partner=partner,
            programme=programme,
            received_us=time.time_ns() // 1_000,
            enrol=enrol,
        )
        return acceptance.verdicts

    if keep:
        yield report_to
        return
    with transaction.atomic():
        try:
            yield report_to
        finally:
            transaction.set_rollback(True)


def settled(event_keys: pl.Series, *, settle: bool) -> dict[str, Any]:
    """What events are worth now (``reduction_mg``, ``outcomes``), after settling what waits."""
    from tanzhang.apps.activities.api import credited_total, drain

    if settle:
        drain()
    credited_mg, outcomes = credited_total(event_keys)
    return {"reduction_mg": credited_mg, "outcomes": outcomes}


def with_progress(parts: Iterable[tuple[T, float]], name: str, *, shown: bool) -> Iterator[T]:
    """The parts, with a bar on standard error where a person is looking."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not (shown and console.is_terminal)) as progress:
        bar = progress.add_task(name, total=1.0)
        for part, done in parts:
            progress.update(bar, completed=done)
            yield part
