"""``tanzhang verify``: judge a document with nothing but the installation's public keys."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tanzhang.problems import PARTS, Problem
from tanzhang.proofs import UNREADABLE, Document, Verdict, parse, read_key_file, verify_file
from tanzhang.surfaces.cli.documents import read_file
from tanzhang.surfaces.cli.refusals import DONE, language, show
from tanzhang.surfaces.cli.verify_text import print_verdict


class Kind(StrEnum):
    """What a file is said to hold."""

    RECEIPT = "receipt"
    CERTIFICATE = "certificate"
    ROOT = "root"
    STATEMENT = "statement"
    CONFORMANCE = "conformance"
    EXPORT = "export"
    AUDIT_PACK = "audit-pack"


What = Annotated[Kind, typer.Argument(help="What the file holds.")]
File = Annotated[Path, typer.Argument(help="The document, or one on each line.")]
Key = Annotated[
    Path, typer.Option("--key", help="The installation's key file, or a public key in PEM.")
]
KnownRoot = Annotated[
    Path | None,
    typer.Option("--root", help="A root or consistency proof that the document must agree with."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def verify(
    kind: What,
    file: File,
    key: Key,
    root: KnownRoot = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify a receipt, certificate, root, statement or conformance report offline.

    Nothing is asked but the two files: no database, no network. The exit code is 0 if every
    document is valid, 1 if one is refused (with the reason), 2 if one cannot be read at all.

    Example: tanzhang verify receipt receipt.json --key keys.json
    """
    try:
        trust = read_key_file(read_file(key))
        known = None if root is None else _document(root)
        data = read_file(file)
    except Problem as problem:
        show(problem, sys.argv[1:])
        raise typer.Exit(UNREADABLE) from None
    verdicts = verify_file(kind, data, trust, known)
    worst = max((verdict.code for verdict in verdicts), default=DONE)
    if as_json:
        answer = {
            "valid": worst == DONE,
            "exit_code": worst,
            "documents": [_as_json(verdict) for verdict in verdicts],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        lang = language(sys.argv[1:])
        for verdict in verdicts:
            print_verdict(verdict, lang, numbered=len(verdicts) > 1)
    raise typer.Exit(worst)


def _document(path: Path) -> Document:
    return parse(read_file(path))


def _as_json(verdict: Verdict) -> dict[str, Any]:
    problem = verdict.problem
    if problem is None:
        return {"line": verdict.line, "verdict": "valid", **verdict.facts}
    said = {lang: {part: problem.part(part, lang) for part in PARTS} for lang in ("en", "zh")}
    name = "unreadable" if verdict.code == UNREADABLE else "refused"
    return {"line": verdict.line, "verdict": name, "code": problem.code, **said}
