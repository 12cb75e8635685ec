"""``tanzhang doctor``: what an installation lacks, and what to do about it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tanzhang.surfaces.cli.refusals import REFUSED, language

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Say what this installation lacks and what to do about it.

    Looks at the database, roles, migrations, the catalogue, workers, keys, settings, clock, disk,
    static files, fonts and the browser. Starts nothing and changes nothing. The exit code is 1 if
    anything fails; warnings leave it 0.

    Example: tanzhang doctor --json
    """
    from tanzhang.config.doctor import examine

    findings = examine()
    spoken = language(["--lang", lang or ""])
    healthy = all(finding.weight != "fail" for finding in findings)
    if as_json:
        checks = [
            {
                "code": finding.code,
                "weight": finding.weight,
                "sentence": finding.sentence(spoken),
                "remedy": finding.remedy(spoken),
                "details": finding.details,
            }
            for finding in findings
        ]
        typer.echo(json.dumps({"ok": healthy, "checks": checks}, ensure_ascii=False, default=str))
    else:
        for finding in findings:
            sign, colour = _SIGNS[finding.weight]
            typer.secho(f"{sign} ", fg=colour, bold=True, nl=False)
            typer.echo(finding.sentence(spoken), nl=False)
            typer.secho(f"  [{finding.code}]", dim=True)
            if finding.weight != "ok":
                typer.echo(f"  {finding.remedy(spoken)}")
    if not healthy:
        raise typer.Exit(REFUSED)
