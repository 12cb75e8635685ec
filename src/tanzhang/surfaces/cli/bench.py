"""``tanzhang bench``: how fast, beside the limits of this machine."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.refusals import language

_WORDS = {
    "en": {"reached": "{name}: {value:,.0f} {unit}, {ratio:.2f} of the limit {limit:,.0f}"},
    "zh": {"reached": "{name}：{value:,.0f} {unit}，为上限 {limit:,.0f} 的 {ratio:.2f}"},
}


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes, about a minute.")] = False,
    suite: Annotated[
        list[str] | None, typer.Option("--suite", help="Only this suite; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Measure speed beside the limits of this machine.

    Each figure stands beside a limit measured in the same run. Posting is measured on a scratch
    database that is removed afterwards; the full sizes take a quarter of an hour or more.

    Example: tanzhang bench --quick
    """
    from tanzhang.workbench.bench import SUITES, run

    for name in suite or ():
        if name not in SUITES:
            raise Problem("bench.suite_unknown", suite=name, known=", ".join(SUITES))
    results = []
    for result in run(suite or SUITES, quick=quick):
        results.append(result.as_json())
        if not as_json:
            words = _WORDS[language(["--lang", lang or ""])]["reached"]
            typer.echo(words.format(**result.as_json()))
            for key, value in result.details.items():
                typer.echo(f"  {key}: {value}")
    if as_json:
        typer.echo(json.dumps({"quick": quick, "results": results}, ensure_ascii=False))
