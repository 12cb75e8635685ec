"""``tanzhang key``: the installation's public keys, for whoever verifies what it signs."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tanzhang.surfaces.cli.documents import write_file
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.crypto import Algorithm, KeyStore, PublishedKey, Purpose

app = typer.Typer(
    help="Hand out the installation's public keys, and make, rotate and retire its keys.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


Use = Annotated[str, typer.Argument(help="sign, root, unwrap or person.", metavar="PURPOSE")]
Kind = Annotated[str, typer.Option("--algorithm", help="sm2 or p256.")]


@app.callback()
def key() -> None:
    """Hand out the installation's public keys, and make, rotate and retire its keys."""


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


@app.command()
def create(purpose: Use, algorithm: Kind = "sm2", as_json: Json = False, lang: Lang = None) -> None:
    """Make a key that is in use from now on, as after the loss of all keys.

    Example: tanzhang key create sign --algorithm sm2
    """
    store, wanted, kind = _asked(purpose, algorithm)
    _tell("created", store.create(wanted, kind).published, as_json=as_json)


@app.command()
def rotate(purpose: Use, algorithm: Kind = "sm2", as_json: Json = False, lang: Lang = None) -> None:
    """Announce a successor, in use from tomorrow on; the present key goes on for a week beside it.

    Example: tanzhang key rotate sign
    """
    store, wanted, kind = _asked(purpose, algorithm)
    from tanzhang.crypto import rotate as follow

    made = follow(store, wanted, kind, datetime.now(UTC))
    _tell("created", made.published, as_json=as_json)


@app.command()
def retire(
    key_id: Annotated[str, typer.Argument(help="The key's id.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """End a key's use now. What it signed before stays good.

    Example: tanzhang key retire 0123456789ABCDEF
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.config.own_keys import key_store

    store = key_store()
    store.retire(key_id, datetime.now(UTC))
    _tell("retired", store.key(key_id).published, as_json=as_json)


@app.command()
def rewrap(
    anew: Annotated[
        bool, typer.Option("--anew", help="Make a new master key even without need.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Put every person's key and the secret of all keyed hashes under a new master key.

    That is what comes after “tanzhang key rotate person”.

    No personal field is sealed anew, and everything stays readable meanwhile. The server does the
    same by itself, a little at a time; broken off, either goes on where it was.

    Example: tanzhang key rewrap
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import vault

    done = vault.turn_keys(anew=anew)
    said = {
        "en": "{moved} keys are under the newest master key now; {broken} do not open.",
        "zh": "{moved} 个密钥已改由最新的主密钥保护；{broken} 个无法打开。",
    }
    _tell_counts(said, {"moved": done.moved, "broken": done.broken}, as_json=as_json)


@app.command()
def reindex(
    anew: Annotated[bool, typer.Option("--anew", help="Make a new index key first.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Compute anew what people are found by, such as their phone's index, under a new key.

    With --anew the key is made now; a minute later this command, or the server by itself, moves
    what is found by the old one. People are found throughout.

    Example: tanzhang key reindex --anew
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import reindex as compute_anew

    done = compute_anew(anew=anew)
    said = {
        "en": "{moved} indexes were computed anew; {broken} do not open; {gone} old keys are gone.",
        "zh": "已重新计算 {moved} 个索引；{broken} 个无法打开；已移除 {gone} 个旧密钥。",
    }
    counts = {"moved": done.moved, "broken": done.broken, "gone": done.keys_gone}
    _tell_counts(said, counts, as_json=as_json)


def _tell_counts(said: dict[str, str], counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        typer.echo(said[language(sys.argv[1:])].format(**counts))


def _asked(purpose: str, algorithm: str) -> tuple[KeyStore, Purpose, Algorithm]:
    from tanzhang.config import setup

    setup()
    from tanzhang.config.own_keys import key_store
    from tanzhang.crypto import Algorithm, Purpose

    try:
        return key_store(), Purpose(purpose), Algorithm(algorithm)
    except ValueError:
        known = "sign, root, unwrap or person, and sm2 or p256"
        raise typer.BadParameter(f"A key is for {known}.") from None


def _tell(done: str, key: PublishedKey, *, as_json: bool) -> None:
    from tanzhang.crypto import public_json

    if as_json:
        typer.echo(json.dumps(public_json(key)))
        return
    since, until = (at and f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (key.active_from, key.active_until))
    said = {
        "en": {
            "created": "The key {name} ({use}, {kind}) is in use from {since} on.",
            "retired": "The key {name} ({use}, {kind}) is used no more since {until}.",
        },
        "zh": {
            "created": "密钥 {name}（{use}，{kind}）自 {since} 起使用。",
            "retired": "密钥 {name}（{use}，{kind}）自 {until} 起停用。",
        },
    }
    told = {"name": key.key_id, "use": key.purpose.value, "kind": key.algorithm.value}
    text = said[language(sys.argv[1:])][done]
    typer.echo(text.format(**told, since=since, until=until))
