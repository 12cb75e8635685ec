"""``tanzhang privacy records`` and ``audit-pack``: what is processed, and the evidence of it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.named import evidence_in_force
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import accountability as door

Until = Annotated[
    str | None, typer.Option("--until", help="As of which instant; default: this second.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "done": "{files} files as of {until} are in {out}, listed with their digests in pack.json.",
        "broken": "The log of readings was tampered with: the row {position} does not fit.",
    },
    "zh": {
        "done": "{out} 中有截至 {until} 的 {files} 个文件，其摘要列于 pack.json。",
        "broken": "查阅日志已被篡改：第 {position} 行与前文不符。",
    },
}


def records(as_json: Json = False, lang: Lang = None) -> None:
    """Print the record of processing activities, made from what is really agreed and kept here.

    Example: tanzhang privacy records --lang zh
    """
    _set_up()
    from tanzhang.apps.activities.api import accountability

    found = _record(None)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        typer.echo(accountability.record_in_words(found, language(sys.argv[1:])), nl=False)


def audit_pack(
    out: Annotated[Path, typer.Argument(help="An empty or new folder to write into.")],
    until: Until = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the evidence for a compliance audit: consents, assessments, disclosures, requests,
    appeals, incidents, readings and the record of processing, with a signed list of digests.

    The same --until gives the same files. “tanzhang verify audit-pack” checks the list.

    Example: tanzhang privacy audit-pack audit --until 2026-12-01
    """
    _set_up()
    from tanzhang.apps.activities.api import accountability
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.crypto import sm3
    from tanzhang.proofs import canonical, make_audit_pack

    if out.exists() and any(out.iterdir()):
        raise Problem("privacy.folder_full", folder=str(out))
    found, evidence = _record(until), evidence_in_force()
    with bulk_transaction() as cursor:
        names, chain = accountability.write_audit_pack(cursor, out, found)
    document = make_audit_pack(
        installation=evidence.installation,
        until=found.at,
        files={name: sm3((out / name).read_bytes()) for name in names},
        readings=chain.position,
        last_reading=chain.digest,
        seal=evidence.seal,
    )
    (out / "pack.json").write_bytes(canonical(document) + b"\n")
    told = {
        "out": str(out),
        "until": found.at.isoformat(),
        "files": len(names),
        "log_holds": chain.holds,
    }
    words = _WORDS[language(sys.argv[1:])]
    typer.echo(json.dumps(told) if as_json else words["done"].format(**told))
    if not chain.holds:
        typer.secho(words["broken"].format(position=chain.broken_at), fg="red", err=True)
        raise typer.Exit(1)


def _record(until: str | None) -> door.ProcessingRecord:
    from tanzhang.apps.activities.api import accountability, incidents
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.config.handler import privacy_contact

    at = (
        datetime.now(UTC).replace(microsecond=0)
        if until is None
        else incidents.instant_given(until)
    )
    return accountability.processing_record(
        rulebook_in_force(), at.astimezone(UTC), privacy_contact()
    )


def _set_up() -> None:
    from tanzhang.config import setup

    setup()
