"""``tanzhang simulate``: the reports of a city that does not exist."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.stored_time import DAY_US, day_number
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.workbench.city import Batch, City
    from tanzhang.workbench.city.sending import Sent

_WORDS = {
    "en": {
        "city": "A fictitious city: {citizens:,} citizens, {days:,} days from {start}, seed {seed}",
        "batches": "batches",
        "rows": "reports",
        "scenes": "by scene",
        "verdicts": "at the door",
        "outcomes": "settled",
        "reduction": "reduction",
    },
    "zh": {
        "city": "虚构城市：{citizens:,} 名居民，自 {start} 起 {days:,} 天，种子 {seed}",
        "batches": "批次",
        "rows": "上报",
        "scenes": "按场景",
        "verdicts": "受理结果",
        "outcomes": "结算结论",
        "reduction": "减排量",
    },
}


def simulate(
    citizens: Annotated[int, typer.Option(min=1, max=5_000_000, help="How many citizens.")],
    days: Annotated[int, typer.Option(min=1, max=3_660, help="How many days.")],
    start: Annotated[str, typer.Option(help="The first day, such as 2026-03-02.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same city.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write each batch into this folder, as Parquet.")
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="Report to this programme, and settle.")
    ] = None,
    batches_a_day: Annotated[
        int, typer.Option("--batches-a-day", min=1, max=24, help="How often a partner reports.")
    ] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Write the reports of a fictitious city, or send them through the door.

    Citizens commute, pay, charge and order; partners report it, some of it late, twice, corrected,
    or told by two. No person and no place in it is real. With neither --out nor --programme the
    reports are made and counted only.

    Example: tanzhang simulate --citizens 2000 --days 7 --start 2026-03-02 --seed 7 --out var/city
    """
    from tanzhang.workbench.city import City

    if out and programme:
        raise Problem("simulate.two_targets", out=str(out), programme=programme)
    city = City(seed, citizens, days, _day(start), batches_a_day=batches_a_day)
    with _progress(city, shown=not as_json) as progress:
        sent, settled = _send(city, out, programme, progress)
    told = {"seed": seed, "citizens": citizens, "days": days, "start": city.start.isoformat()}
    answer = told | _counts(sent) | settled
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print(answer, language(["--lang", lang or ""]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem("simulate.start_invalid", start=text) from None


def _send(
    city: City, out: Path | None, programme: str | None, progress: Callable[[Batch], None]
) -> tuple[Sent, dict[str, Any]]:
    """Send the city to where it should go; with what its acts came to, if they were settled."""
    from tanzhang.workbench.city import sending

    if programme is None:
        sent = sending.write(city, out, progress) if out else sending.count(city, progress)
        return sent, {}
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities.api import credited_total

    sent = sending.report(city, programme, progress)
    reduction_mg, outcomes = credited_total(sent.event_keys())
    return sent, {"reduction_mg": reduction_mg, "outcomes": outcomes}


def _counts(sent: Sent) -> dict[str, Any]:
    """Counts of what was sent, and of verdicts where a door gave them."""
    from tanzhang.workbench.importing.run import VERDICTS

    counts = {
        "batches": sent.batches,
        "rows": sent.rows,
        "scenes": dict(sorted(sent.scenes.items())),
    }
    if not sent.verdicts:
        return counts
    verdicts = {verdict: sent.verdicts[verdict] for verdict in VERDICTS}
    return counts | verdicts | {"codes": dict(sorted(sent.codes.items()))}


@contextmanager
def _progress(city: City, *, shown: bool) -> Iterator[Callable[[Batch], None]]:
    """A bar over simulated days on standard error, where a person is looking."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    first_us = day_number(city.start) * DAY_US
    with Progress(console=console, disable=not (shown and console.is_terminal)) as progress:
        bar = progress.add_task("simulate", total=city.days * DAY_US)
        yield lambda batch: progress.update(bar, completed=batch.received_us - first_us)


def _print(answer: dict[str, Any], lang: str) -> None:
    """The answer as a short table."""
    from rich.console import Console
    from rich.table import Table

    words = _WORDS[lang]
    table = Table("", "", "", show_header=False)
    table.columns[2].justify = "right"
    for name in ("batches", "rows"):
        table.add_row(words[name], "", f"{answer[name]:,}")
    verdicts = {
        name: answer[name]
        for name in ("accepted", "duplicate", "conflict", "rejected", "held")
        if name in answer
    }
    groups = {"scenes": answer["scenes"], "verdicts": verdicts}
    for name, counts in (groups | {"outcomes": answer.get("outcomes", {})}).items():
        for place, (label, number) in enumerate(counts.items()):
            table.add_row("" if place else words[name], label, f"{number:,}")
    if "reduction_mg" in answer:
        grams = f"{answer['reduction_mg'] // 1000:,} g"
        table.add_row(words["reduction"], "", grams)
    console = Console()
    console.print(words["city"].format(**answer), style="bold", highlight=False)
    console.print(table)
