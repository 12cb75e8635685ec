"""``tanzhang log``: signed roots of the log, and the proof that one continues another."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.documents import write_file
from tanzhang.surfaces.cli.refusals import language

app = typer.Typer(
    help="Make roots of the log, and prove that one continues another.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Old = Annotated[int, typer.Argument(help="Entries under the older root.", min=1)]
New = Annotated[int, typer.Argument(help="Entries under the newer root.", min=1)]
Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
SomeOut = Annotated[Path | None, typer.Option("--out", help="Where to write the root as well.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.callback()
def log() -> None:
    """Make roots of the log, and prove that one continues another."""


@app.command()
def root(out: SomeOut = None, as_json: Json = False, lang: Lang = None) -> None:
    """Make a root over all that is settled, if anything is new, and publish it.

    The scheduler does so every minute.

    Example: tanzhang log root --out root.json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.ledger.api import publish_root, write_root_files
    from tanzhang.config.own_keys import key_store, published_roots

    made = publish_root(key_store())
    if made is None:
        raise Problem("ledger.nothing_logged")
    write_root_files(published_roots())
    if out is not None:
        write_file(out, made.document + b"\n")
    if as_json:
        typer.echo(json.dumps({"size": made.size, "document_sm3": made.digest.hex()}))
        return
    said = {
        "en": "The root over {size:,} entries, document {digest}.",
        "zh": "根覆盖 {size:,} 项，文档摘要 {digest}。",
    }
    typer.echo(said[language(sys.argv[1:])].format(size=made.size, digest=made.digest.hex()))


@app.command()
def consistency(old: Old, new: New, out: Out, as_json: Json = False, lang: Lang = None) -> None:
    """Write the proof that the root over NEW entries keeps all entries of the root over OLD.

    Example: tanzhang log consistency 12 40 --out consistency.json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.ledger import api as ledger
    from tanzhang.proofs import canonical

    write_file(out, canonical(ledger.consistency(old, new)) + b"\n")
    if as_json:
        typer.echo(json.dumps({"old": old, "new": new, "out": str(out)}))
        return
    said = {"en": "The proof is in {out}.", "zh": "证明已写入 {out}。"}
    typer.echo(said[language(sys.argv[1:])].format(out=out))
