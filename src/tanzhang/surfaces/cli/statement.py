"""``tanzhang statement``: what a citizen carries to another installation, and brings from one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tanzhang.surfaces.cli.documents import read_file, write_file
from tanzhang.surfaces.cli.named import account_named, evidence_in_force
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import Answer

app = typer.Typer(
    help="Carry an account's acts to another installation, and take what is brought here.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "made": "{acts} acts are in {out}; {left_behind} went to another installation before.",
        "trusted": "Statements of the installation {installation} are taken from now on.",
        "accepted": "Carried here ({count}):",
        "refused": "Refused ({count}):",
        "total": "{total} are carried; they stand beside the balance and are not in it.",
        "line": "  {event}  {scene}  {mg}",
        "already_carried": "it was carried here before",
        "nothing_credited": "it is worth no grams where it comes from",
        "method_unknown": "no methodology in force here has its name",
        "counted_here": "the same act is counted here already",
        "carried_from_another": "the same act was carried here from a third place",
    },
    "zh": {
        "made": "{out} 中有 {acts} 项行为；另有 {left_behind} 项此前已转往别处。",
        "trusted": "从现在起接受环境 {installation} 的转移单。",
        "accepted": "已转入（{count}）：",
        "refused": "未接受（{count}）：",
        "total": "共转入 {total}；它们列在余额之旁，不计入余额。",
        "line": "  {event}  {scene}  {mg}",
        "already_carried": "此前已转入",
        "nothing_credited": "在原处没有减排量",
        "method_unknown": "此处没有同名的现行方法学",
        "counted_here": "同一行为在此处已经计入",
        "carried_from_another": "同一行为已从第三处转入",
    },
}


@app.command()
def code(account: Account, as_json: Json = False, lang: Lang = None) -> None:
    """Print the carrying code of an account: show it to the installation that you carry from.

    Example: tanzhang statement code citic-citibike-0123456789abcdef
    """
    _set_up()
    from tanzhang.apps.activities.api import carrying_code

    text = carrying_code(account_named(account).id)
    typer.echo(json.dumps({"code": text}) if as_json else text)


@app.command()
def make(
    account: Account,
    to: Annotated[str, typer.Option("--to", help="The carrying code of the other account.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the signed statement of all that an account may carry to another installation.

    Each act goes to one installation at most. “tanzhang verify statement” checks the file offline.

    Example: tanzhang statement make citic-citibike-0123456789abcdef --to CODE --out statement.json
    """
    _set_up()
    from tanzhang.apps.activities.api import carry, read_code
    from tanzhang.proofs import canonical

    made = carry(account_named(account), read_code(to), evidence_in_force())
    write_file(out, canonical(made.document) + b"\n")
    told = {"acts": made.acts, "left_behind": made.left_behind, "out": str(out)}
    _tell(told, "made", as_json=as_json)


@app.command()
def trust(
    key_file: Annotated[Path, typer.Argument(help="What “tanzhang key public” wrote there.")],
    title_zh: Annotated[str, typer.Option("--title-zh", help="Its name in Chinese.")],
    title_en: Annotated[str, typer.Option("--title-en", help="Its name in English.")],
    by: Annotated[str, typer.Option("--by", help="Who decides it; kept for ever.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take keys that no known key of it vouches for.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Take statements of another installation from now on.

    New keys of an installation that is known already must be endorsed by keys known of it. If it
    lost them all, compare the new ones another way and say so with --replace.

    Example: tanzhang statement trust river.json --title-zh 江城 --title-en River --by Ling
    """
    _set_up()
    from tanzhang.apps.activities.api import trust_installation

    content = read_file(key_file)
    name = trust_installation(content, title_zh=title_zh, title_en=title_en, by=by, replace=replace)
    _tell({"installation": name}, "trusted", as_json=as_json)


@app.command()
def take(
    file: Annotated[Path, typer.Argument(help="The statement that the citizen brings.")],
    account: Annotated[str, typer.Option("--account", help="Where it goes.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify a statement and carry into an account what counts nowhere here yet.

    Both lists are shown: what is carried, and what is refused, each with its reason. Taking the
    same statement again changes nothing.

    Example: tanzhang statement take statement.json --account citic-citibike-0123456789abcdef
    """
    _set_up()
    from tanzhang.apps.activities.api import take_statement

    taken = take_statement(read_file(file), account_named(account))
    if as_json:
        lists = {"accepted": taken.accepted, "refused": taken.refused}
        told = {name: [_json(answer) for answer in listed] for name, listed in lists.items()}
        typer.echo(json.dumps({"installation": taken.installation, **told}, ensure_ascii=False))
        return
    words = WORDS[language(sys.argv[1:])]
    for name, listed in (("accepted", taken.accepted), ("refused", taken.refused)):
        typer.echo(words[name].format(count=len(listed)))
        for answer in listed:
            typer.echo(_line(answer, words))


@app.command()
def show(account: Account, as_json: Json = False, lang: Lang = None) -> None:
    """Show what an account carries, and what of it counts now.

    Example: tanzhang statement show citic-citibike-0123456789abcdef
    """
    _set_up()
    from tanzhang.apps.activities.api import grams, luggage
    from tanzhang.apps.catalogue.api import rulebook_in_force

    found = luggage(account_named(account), rulebook_in_force())
    if as_json:
        lines = [{name: getattr(line, name) for name in line.__slots__} for line in found.lines]
        typer.echo(json.dumps({"total_mg": found.total_mg, "lines": lines}, ensure_ascii=False))
        return
    spoken = language(sys.argv[1:])
    words = WORDS[spoken]
    for line in found.lines:
        mark = "" if line.counts else f"  ({words['counted_here']})"
        text = words["line"].format(
            event=line.event, scene=line.scene, mg=grams(line.total_mg, spoken)
        )
        typer.echo(text + mark)
    typer.echo(words["total"].format(total=grams(found.total_mg, spoken)))


def _set_up() -> None:
    from tanzhang.config import setup

    setup()


def _json(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__slots__}


def _line(answer: Answer, words: dict[str, str]) -> str:
    from tanzhang.apps.activities.api import grams

    spoken = language(sys.argv[1:])
    text = words["line"].format(
        event=answer.event, scene=answer.scene, mg=grams(answer.total_mg, spoken)
    )
    return f"{text}  {words[answer.reason]}" if answer.reason else text


def _tell(told: dict[str, Any], word: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(WORDS[language(sys.argv[1:])][word].format(**told))
