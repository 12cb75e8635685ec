"""``tanzhang receipt`` and ``tanzhang certificate``: what a citizen can carry away and prove."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.documents import write_file
from tanzhang.surfaces.cli.named import account_named, evidence_in_force
from tanzhang.surfaces.cli.refusals import language

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
SomeAccount = Annotated[str | None, typer.Argument(help="The account's handle or number.")]
SomeEvent = Annotated[
    str | None, typer.Argument(help="The event: its key, or partner:external-id.")
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", help="So many acts from all over the log, one on each line.", min=1),
]
Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
From = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First local day: YYYY-MM-DD.")
]
To = Annotated[
    datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last local day, included.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def receipt(
    out: Out,
    account: SomeAccount = None,
    event: SomeEvent = None,
    sample: Sample = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the signed receipt of an act, or of acts from all over the log.

    A root of the log is made if none covers the act yet. Whoever has the receipt and the key file
    checks it with “tanzhang verify receipt”, without a database.

    Example: tanzhang receipt --sample 3 --out receipts.jsonl
    """
    from tanzhang.config import setup

    if (account is None or event is None) == (sample is None) or (sample and account):
        raise Problem("cli.receipt_of_what")
    setup()
    from tanzhang.apps.activities.api import act_receipt, sample_receipts

    evidence = evidence_in_force()
    if sample is None:
        documents: Iterable[dict[str, Any]] = [
            act_receipt(account_named(str(account)), str(event), evidence)
        ]
    else:
        documents = sample_receipts(sample, evidence)
    count = _write(out, documents)
    told = {"receipts": count, "out": str(out)}
    said = {
        "en": "{receipts} receipts written to {out}.",
        "zh": "已将 {receipts} 份凭证写入 {out}。",
    }
    _tell(told, said, as_json=as_json)


def certificate(
    account: Account,
    first_day: From,
    last_day: To,
    out: Out,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write a signed certificate over an account's acts of a period.

    Its total is the exact sum of the acts in it, each of which leads to the signed root.

    Example: tanzhang certificate citic-citibike-0123456789abcdef --from 2024-05-01 \
--to 2024-05-31 --out certificate.json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    made = activities.certificate(
        account_named(account), first_day.date(), last_day.date(), evidence_in_force()
    )
    _write(out, [made])
    told = {
        "account": made["account"],
        "acts": made["act_count"],
        "reduction_mg": made["total_mg"],
        "text": made["reading"][language(sys.argv[1:])],
        "out": str(out),
    }
    _tell(told, {"en": "{text}\n{out}", "zh": "{text}\n{out}"}, as_json=as_json)


def _write(out: Path, documents: Iterable[dict[str, Any]]) -> int:
    """One document on each line; how many there are."""
    from tanzhang.proofs import canonical

    lines = [canonical(document) + b"\n" for document in documents]
    write_file(out, b"".join(lines))
    return len(lines)


def _tell(told: dict[str, Any], said: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(said[language(sys.argv[1:])].format(**told))
