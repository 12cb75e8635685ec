"""``tanzhang key``: the installation's public keys, for whoever verifies what it signs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tanzhang.surfaces.cli.documents import write_file
from tanzhang.surfaces.cli.refusals import language

app = typer.Typer(
    help="Hand out the installation's public keys.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.callback()
def key() -> None:
    """Hand out the installation's public keys."""


@app.command()
def public(out: Out, as_json: Json = False, lang: Lang = None) -> None:
    """Write the key file that verifiers keep: every public key that signs, with endorsements.

    Keys that follow later are endorsed by these, so that the file stays good.

    Example: tanzhang key public --out keys.json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import installation
    from tanzhang.config.own_keys import key_store
    from tanzhang.crypto import Purpose
    from tanzhang.proofs import key_file

    store = key_store()
    for purpose in (Purpose.SIGN, Purpose.ROOT):
        store.current(purpose)  # the first keys are made when they are first asked for
    name, signing = installation().id_text, [k for k in store.published() if k.purpose.signs]
    write_file(out, key_file(name, signing) + b"\n")
    if as_json:
        keys = [{"key_id": k.key_id, "purpose": k.purpose.value} for k in signing]
        typer.echo(json.dumps({"installation": name, "keys": keys, "out": str(out)}))
        return
    said = {
        "en": "{count} public keys of the installation {name} written to {out}.",
        "zh": "已将安装 {name} 的 {count} 个公钥写入 {out}。",
    }
    typer.echo(said[language(sys.argv[1:])].format(count=len(signing), name=name, out=out))
