"""``tanzhang partner``: bring partners in, give and take keys, agree, switch off and on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.surfaces.cli import (
    partner_citizens,
    partner_key,
    partner_member,
    partner_oidc,
    partner_suspect,
    partner_terms,
)
from tanzhang.surfaces.cli.partner_files import make_pair, public_key
from tanzhang.surfaces.cli.partner_text import (
    agreement_json,
    change_json,
    key_json,
    print_json,
    print_list,
    print_shown,
    say,
)
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.catalogue.api import RulesInForce
    from tanzhang.apps.partners.api import PartnerLine
    from tanzhang.crypto.keys import PublicKey

app = typer.Typer(
    help="Bring partners in, give and take keys, agree with them, switch them off and on.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]
By = Annotated[str, typer.Option("--by", help="Who decides it; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.command()
def create(
    code: Code,
    programme: Annotated[str, typer.Option("--programme", help="The programme's id.")],
    title_zh: Annotated[str, typer.Option("--title-zh", help="Its name in Chinese.")] = "",
    title_en: Annotated[str, typer.Option("--title-en", help="Its name in English.")] = "",
    key_file: Annotated[
        Path | None, typer.Option("--public-key", help="Its public key, PEM.", metavar="FILE")
    ] = None,
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a key pair for it; not where it is real.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where its private key goes.", metavar="FILE")
    ] = None,
    algorithm: Annotated[
        str, typer.Option("--algorithm", help="Of the pair to make: sm2 or p256.")
    ] = "sm2",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Bring a partner in with its first key; one that the programme's file names needs no titles.

    A partner makes its key pair itself and hands over the public half alone. Only in a sandbox or a
    demonstration a pair can be made for it.

    Example: tanzhang partner create citibike --programme citic --public-key citibike.pub.pem
    """
    _check_ways(key_file, out, algorithm, generate=generate)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.partners import api as partners

    spoken = language(sys.argv[1:])
    rules = rulebook_in_force()
    rules.programme(programme)  # raises if there is none
    key = _first_key(key_file, out, algorithm)
    try:
        partners.create_partner(
            code,
            key,
            programme_id=rules.programme_ids[programme],
            title_zh=title_zh,
            title_en=title_en,
        )
    except BaseException:
        if out is not None:
            out.unlink()  # it opens nothing
        raise
    scenes = _scenes(rules, programme, code)
    answer = {
        "partner": code,
        "programme": programme,
        "key": key.key_id,
        "algorithm": key.algorithm.value,
        "private_key_file": None if out is None else str(out),
        "scenes": scenes,
    }
    if as_json:
        print_json(answer)
        return
    say("created", spoken, partner=code, key=key.key_id)
    if out is not None:
        say("private", spoken, path=out)
    if not scenes:
        say("no_scene", spoken, programme=programme)


def _check_ways(key_file: Path | None, out: Path | None, algorithm: str, *, generate: bool) -> None:
    """A first key comes in one way: it is given, or it is made and left in a file."""
    if generate == (key_file is not None):
        raise typer.BadParameter("Give either --public-key FILE or --generate with --out FILE.")
    if generate != (out is not None):
        raise typer.BadParameter("--generate and --out FILE go together.")
    if algorithm not in ("sm2", "p256"):
        raise typer.BadParameter("--algorithm is sm2 or p256.")


def _first_key(key_file: Path | None, out: Path | None, algorithm: str) -> PublicKey:
    from tanzhang.crypto.keys import Algorithm

    if out is not None:
        return make_pair(Algorithm(algorithm), out)
    assert key_file is not None  # one of the two is given, as was checked
    return public_key(key_file)


@app.command("list")
def list_partners(as_json: Json = False, lang: Lang = None) -> None:
    """List all partners with their standing.

    Example: tanzhang partner list --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    standings = partners.standings()
    found = [
        _line_json(line, standings.get(line.id, partners.Standing.ACTIVE).value)
        for line in partners.partner_lines()
    ]
    if as_json:
        print_json({"partners": found})
    else:
        print_list(found, language(sys.argv[1:]))


@app.command()
def show(code: Code, as_json: Json = False, lang: Lang = None) -> None:
    """Show a partner: its standing, scenes, keys and agreements, and how they came about.

    Example: tanzhang partner show citibike --lang zh
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.partners import api as partners

    entry = partners.partner(code)
    line = next(line for line in partners.partner_lines() if line.id == entry.id)
    now = datetime.now(UTC)
    answer = _line_json(line, partners.standing(entry.id).value)
    answer |= {
        "scenes": _scenes(rulebook_in_force(), answer["programme"], code),
        "keys": [key_json(key, now) for key in partners.partner_keys(entry.id)],
        "agreements": [agreement_json(made, now) for made in partners.agreements(entry.id)],
        "changes": [change_json(change) for change in partners.standing_changes(entry.id)],
    }
    if as_json:
        print_json(answer)
    else:
        print_shown(answer, language(sys.argv[1:]))


@app.command()
def suspend(code: Code, reason: Reason, by: By, as_json: Json = False, lang: Lang = None) -> None:
    """Switch a partner off: its next call is refused. No other partner and no balance is touched.

    Example: tanzhang partner suspend citibike --reason "odd reports since Monday" --by Ling
    """
    _change("suspend", "suspended", code, reason, by, as_json=as_json)


@app.command()
def resume(code: Code, reason: Reason, by: By, as_json: Json = False, lang: Lang = None) -> None:
    """Serve a suspended partner again.

    Example: tanzhang partner resume citibike --reason "explained" --by Ling
    """
    _change("resume", "resumed", code, reason, by, as_json=as_json)


@app.command()
def close(code: Code, reason: Reason, by: By, as_json: Json = False, lang: Lang = None) -> None:
    """Switch a partner off for good; what it reported stays in the books.

    Example: tanzhang partner close citibike --reason "the contract ended" --by Ling
    """
    _change("close", "closed", code, reason, by, as_json=as_json)


def _change(act: str, done: str, code: str, reason: str, by: str, *, as_json: bool) -> None:
    if not (reason.strip() and by.strip()):
        raise typer.BadParameter("--reason and --by say something.")
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    number = partners.partner(code).id
    acts = {"suspend": partners.suspend, "resume": partners.resume, "close": partners.close}
    acts[act](number, reason=reason.strip(), by=by.strip())
    if as_json:
        print_json({"partner": code, "standing": partners.standing(number).value})
    else:
        say(done, language(sys.argv[1:]), partner=code)


def _scenes(rules: RulesInForce, programme: str, code: str) -> list[str]:
    """The scenes that the programme's latest version lets a partner report."""
    latest = list(rules.programme_file(programme).scenes.values())[-1]
    return [scene.id for scene in latest.values() if code in scene.partners]


def _line_json(line: PartnerLine, standing: str) -> dict[str, Any]:
    from tanzhang.apps.catalogue.api import rulebook_in_force

    return {
        "partner": line.code,
        "title": {"zh": line.title_zh, "en": line.title_en},
        "programme": rulebook_in_force().programme_code(line.programme_id),
        "id_time": line.id_time,
        "standing": standing,
    }


app.add_typer(partner_key.app, name="key")
app.add_typer(partner_member.app, name="member")
app.add_typer(partner_suspect.app, name="suspect")
app.command()(partner_key.rotate)
app.command()(partner_key.revoke)
app.command()(partner_terms.agree)
app.command("end")(partner_terms.end)
app.command()(partner_citizens.citizens)
app.command()(partner_oidc.oidc)
