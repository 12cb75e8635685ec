"""The commands of ``tanzhang``, each loaded when it is called and not before.

Checking a pack needs no database, and ``tanzhang --help`` needs none of the commands. So the root
knows only this table; a command's module is imported when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

EXAMPLE = "Example: tanzhang demo --size small --no-serve"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: one line for the list, and where it is: ``module:name`` beside this file.

    The name is a ``typer.Typer`` with subcommands, or a function that is the command itself.
    """

    summary: str
    target: str


COMMANDS: dict[str, Entry] = {
    "demo": Entry("Settle a day of a small fictitious city and show it.", "demo:demo"),
    "pack": Entry("List, check and explain methodology packs.", "pack:app"),
    "quantify": Entry(
        "Turn a file into grams by one pack, without a database.", "imports:quantify"
    ),
    "import": Entry("Report a partner's file, and see what became of each row.", "imports:import_"),
    "simulate": Entry("Write the reports of a fictitious city.", "simulate:simulate"),
    "account": Entry("Show a carbon account, and why an act counted as it did.", "account:app"),
    "ledger": Entry("Verify the books and print their digest.", "ledger:app"),
    "worker": Entry("Settle accepted pieces, until told to end.", "server:worker"),
    "migrate": Entry("Bring the database to the shape of this version.", "server:migrate"),
    "stop": Entry("Stop the embedded PostgreSQL of TANZHANG_HOME.", "server:stop"),
    "bench": Entry("Measure speed beside the limits of this machine.", "bench:bench"),
}


class LazyGroup(TyperGroup):
    """Lists commands from the table and loads the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest


app = typer.Typer(
    cls=LazyGroup,
    help="Tanzhang 碳账: exact, explained carbon accounts for people.",
    epilog=EXAMPLE,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def load(name: str) -> Any:
    """The command itself, its module imported (typer keeps the types of commands to itself)."""
    module, _, attribute = COMMANDS[name].target.partition(":")
    found = getattr(import_module(f"tanzhang.surfaces.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command = typer.main.get_command(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode="markdown")
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


def _listed(name: str, entry: Entry) -> None:
    """Register what the list shows of a command."""

    def only_listed() -> None:
        raise AssertionError(f"{name} was run without being loaded")

    app.command(name, help=entry.summary)(only_listed)


for _name, _entry in COMMANDS.items():
    _listed(_name, _entry)
