"""``tanzhang demo``: a day of a small fictitious city, settled and shown."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.workbench.demonstration import Lived, Prepared, Shown


class Size(StrEnum):
    """How much of a city to show."""

    NONE = "none"
    SMALL = "small"
    CITY = "city"


def demo(
    size: Annotated[
        Size,
        typer.Option(help="none: migrate, load packs and the programme citic, and stop there."),
    ] = Size.SMALL,
    no_serve: Annotated[
        bool,
        typer.Option("--no-serve", help="End when everything is shown."),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="Serve there; default: from 8000."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Settle a day of a small fictitious city and show it.

    Brings the database to its shape, loads the methodology packs and the programme citic, reports
    what the city's partners saw and settles it; then prints accounts with their grams, points
    apart, and one ride explained. Running it again changes nothing. No person in it is real.
    Afterwards it serves the site as “tanzhang up” does, unless --no-serve or --json is given.

    Example: tanzhang demo --size small --no-serve
    """
    from tanzhang.surfaces.cli.demo_text import print_city, print_prepared
    from tanzhang.workbench import demonstration

    spoken = language(["--lang", lang or ""])
    started = time.monotonic()
    prepared = demonstration.prepare()
    if not as_json:
        print_prepared(prepared, spoken)
    if size is Size.NONE:
        if as_json:
            _tell({"size": size.value, "fictitious": True} | _prepared(prepared))
        return
    city = demonstration.CITIES[size.value]
    lived = demonstration.live(city)
    shown = demonstration.show(city, spoken)
    if as_json:
        head = {"size": size.value, "fictitious": True}
        _tell(head | _prepared(prepared) | _lived(lived) | _shown(shown))
        return
    print_city(city, lived, shown, time.monotonic() - started, spoken)
    if not no_serve:
        from tanzhang.surfaces.cli.up import up

        up(size=size, port=port, lang=lang)


def _tell(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _prepared(prepared: Prepared) -> dict[str, Any]:
    return {
        "migrated": list(prepared.migrated),
        "packs": prepared.packs,
        "loaded": list(prepared.loaded),
    }


def _lived(lived: Lived) -> dict[str, Any]:
    verdicts = {name: lived.sent.verdicts[name] for name in ("accepted", "duplicate", "conflict")}
    return {
        "rows": lived.sent.rows,
        **verdicts,
        "rejected": lived.sent.verdicts["rejected"],
        "held": lived.sent.verdicts["held"],
        "outcomes": dict(lived.outcomes),
        "reduction_mg": lived.reduction_mg,
        "changed": lived.changed,
        "digest": lived.digest,
    }


def _shown(shown: Shown) -> dict[str, Any]:
    accounts = [
        {
            "account": one.account.handle,
            "acts": len(one.events),
            "reduction_mg": one.reduction_mg,
            "points": one.points,
        }
        for one in shown.statements
    ]
    ride, _ = shown.ride
    explained = ride.explanation.as_json() if ride.explanation else None
    return {
        "accounts": accounts,
        "ride": {
            "account": shown.rider,
            "event": ride.event,
            "status": ride.status,
            "reduction_mg": ride.reduction_mg,
            "points": ride.points,
            "explanation": explained,
        },
    }
