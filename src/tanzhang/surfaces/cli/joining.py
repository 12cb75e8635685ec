"""``tanzhang joining``: who may join a programme, and the lists of people that it asks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tanzhang.problems import Problem, sentences
from tanzhang.surfaces.cli.joining_text import print_rows, print_rules, rules_json
from tanzhang.surfaces.cli.partner_text import print_json
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.engine.packs.joining.section import Joining

app = typer.Typer(
    help="See who may join a programme, and keep the lists of people that it asks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
lists = typer.Typer(help="Lists of people.", no_args_is_help=True, rich_markup_mode="markdown")
app.add_typer(lists, name="list")

Programme = Annotated[str, typer.Argument(help="The programme's code.", metavar="PROGRAMME")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def joining_of(programme: str) -> tuple[int, Joining]:
    """A programme's stored number, and what its file says of joining."""
    from tanzhang.apps.catalogue.api import rulebook_in_force

    rules = rulebook_in_force()
    file = rules.programme_file(programme)
    return rules.programme_ids[programme], file.joining


@app.command()
def show(programme: Programme, as_json: Json = False, lang: Lang = None) -> None:
    """Show who may join, what the form asks, and how many are on each list.

    Example: tanzhang joining show citic
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import list_sizes

    number, joining = joining_of(programme)
    sizes = list_sizes(number)
    if as_json:
        print_json(rules_json(programme, joining, sizes))
    else:
        print_rules(programme, joining, sizes, language(sys.argv[1:]))


@lists.command("load")
def load(
    programme: Programme,
    name: Annotated[str, typer.Argument(help="The list's name.", metavar="LIST")],
    file: Annotated[Path, typer.Argument(help="One person in each line.", metavar="FILE")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take off the list whoever is not in the file.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Put the people of a file on a list: phone numbers, or the partner's own references.

    Only keyed hashes are stored; delete the file afterwards. Each line that is wrong is named, and
    the others are taken. Ends with 1 if a line was wrong.

    Example: tanzhang joining list load citic beta-testers testers.txt
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import load_list

    number, joining = joining_of(programme)
    wanted = joining.lists.get(name)
    if wanted is None:
        known = ", ".join(joining.lists) or "–"
        raise Problem("joining.list_missing", programme=programme, list=name, known=known)
    try:
        rows = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise Problem("joining.file_unreadable", file=str(file), reason=str(error)) from None
    results = load_list(number, wanted, rows, replace=replace)
    spoken = language(sys.argv[1:])
    wrong = [row for row in results if row.result not in ("added", "known")]
    if as_json:
        told = [
            {"line": row.line, "result": row.result}
            | ({"problem": sentences()[row.result][spoken]["what"]} if "." in row.result else {})
            for row in results
        ]
        added = sum(row.result == "added" for row in results)
        print_json({"list": name, "added": added, "wrong": len(wrong), "rows": told})
    else:
        print_rows(results, spoken)
    if wrong:
        raise typer.Exit(1)
