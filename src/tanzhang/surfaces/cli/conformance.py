"""``tanzhang conformance``: what the partner API has to answer, asked over real HTTP."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.surfaces.cli.refusals import REFUSED, language

if TYPE_CHECKING:
    from tanzhang.engine.packs import ProgrammeFile
    from tanzhang.workbench.conformance.run import Run
    from tanzhang.workbench.conformance.session import Case

_WORDS = {
    "en": {
        "failed": "expected {expected}, got {got}",
        "ok": "All {count} cases came out as expected.",
        "not_ok": "{failed} of {count} cases did not come out as expected.",
        "report": "The signed report: {file}",
    },
    "zh": {
        "failed": "预期 {expected}，得到 {got}",
        "ok": "{count} 项全部符合预期。",
        "not_ok": "{count} 项中有 {failed} 项不符合预期。",
        "report": "已签名的报告：{file}",
    },
}

#: How a partner of a sandbox names its citizens (“tanzhang partner citizens”).
CITIZENS = ("citizen-1", "citizen-2", "citizen-3")


def conformance(
    url: Annotated[
        str | None,
        typer.Option("--url", help="A sandbox to test, such as https://sandbox.example."),
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", help="Whose run it is; with --url.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="The partner's private key, PEM; with --url.")
    ] = None,
    programme: Annotated[
        str, typer.Option("--programme", help="The partner's programme: its id, or its file.")
    ] = "citic",
    person: Annotated[
        list[str] | None,
        typer.Option("--person", help="How the partner names a citizen; default: citizen-1 to 3."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The report; default: in the home of the sandbox.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Check that the partner API takes, counts and refuses as documented, to the milligram.

    Sends golden events whose grams are known, repeats, corrects and withdraws them, breaks every
    rule of signing once, and compares what comes. By default it uses the sandbox: it prepares it,
    starts what does not run, and stops that again; the platform signs the report. With --url,
    --partner and --key a partner tests its own access, and its key signs. The exit code is 1 if
    anything comes out otherwise; “tanzhang verify conformance” checks a report.

    Example: tanzhang conformance --json
    """
    spoken = language(["--lang", lang or ""])
    if len({url is None, partner is None, key is None}) > 1:
        raise typer.BadParameter("--url, --partner and --key go together.")

    def heard(case: Case) -> None:
        if not as_json:
            _tell(case, spoken)

    if url and partner and key:
        from tanzhang.workbench.conformance.run import run_there

        persons = person or CITIZENS
        found = run_there(url, partner, key, _programme(programme), persons, heard)
        folder = Path()
    else:
        found, folder = _in_the_sandbox(heard)
    file = out or folder / f"conformance-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    _keep(found, file, spoken, as_json=as_json)


def _in_the_sandbox(heard: Any) -> tuple[Run, Path]:
    from tanzhang.config import database, sandbox

    sandbox.enter()
    from tanzhang.workbench.conformance.run import run_here

    return run_here(heard), database.home()


def _programme(name: str) -> ProgrammeFile:
    from tanzhang.engine.packs import library_with_programme, load_packs

    if Path(name).exists():
        return library_with_programme(Path(name))[1]
    programmes = load_packs().programmes
    if name not in programmes:
        raise typer.BadParameter(f"--programme is a file or one of {', '.join(programmes)}.")
    return programmes[name]


def _tell(case: Case, spoken: str) -> None:
    typer.secho("✓ " if case.ok else "✗ ", fg="green" if case.ok else "red", bold=True, nl=False)
    typer.echo(case.name)
    if not case.ok:
        said = _WORDS[spoken]["failed"].format(expected=case.expected, got=case.got)
        typer.echo(f"  {said}")


def _keep(found: Run, file: Path, spoken: str, *, as_json: bool) -> None:
    """Write the report, say what came of the run, and leave with its exit code."""
    from tanzhang.proofs import canonical
    from tanzhang.surfaces.cli.documents import write_file

    write_file(file, canonical(found.report) + b"\n")
    if as_json:
        answer = {"ok": found.ok, "cases": found.report["cases"], "report_file": str(file)}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        words, count = _WORDS[spoken], len(found.cases)
        failed = sum(not case.ok for case in found.cases)
        typer.echo(words["ok" if found.ok else "not_ok"].format(count=count, failed=failed))
        typer.echo(words["report"].format(file=file))
    if not found.ok:
        sys.exit(REFUSED)
