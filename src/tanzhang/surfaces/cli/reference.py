"""The command list of ``docs/reference/cli.md`` and its Chinese twin, from the commands themselves.

``make reference`` writes it between the two marks of each page; a test holds it current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tanzhang.surfaces.cli.root import COMMANDS, load

BEGIN, END = "<!-- commands: begin -->", "<!-- commands: end -->"
PAGES = {"en": "docs/reference/cli.md", "zh": "docs/reference/cli.zh-CN.md"}


def command_list(lang: str) -> str:
    """Every command with its usage and, for its first name, what it does, as Markdown."""
    parts = [BEGIN]
    for name, entry in COMMANDS.items():
        parts += [
            f"### `tanzhang {name}`",
            entry.summary if lang == "en" else entry.summary_zh,
            "```text\n" + "\n".join(usages(f"tanzhang {name}", load(name))) + "\n```",
        ]
    return "\n\n".join([*parts, END])


def usages(path: str, command: Any) -> Iterator[str]:
    """One line for each command that can be called: its words, arguments and options."""
    inner: dict[str, Any] = getattr(command, "commands", {})
    for name, subcommand in inner.items():
        yield from usages(f"{path} {name}", subcommand)
    if not inner:
        words = [_word(parameter) for parameter in command.params if parameter.name != "help"]
        yield " ".join([path, *words])


def _word(parameter: Any) -> str:
    """``FILE``, ``[PATH]``, ``--pack PACK`` or ``[--json]``."""
    value = str(parameter.metavar or parameter.name).upper()
    if parameter.param_type_name == "argument":
        word = value + ("…" if parameter.nargs == -1 else "")
    else:
        word = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {value}"
    return word if parameter.required else f"[{word}]"


def page_with(page: str, listed: str) -> str:
    """A page whose command list is replaced."""
    head, _, rest = page.partition(BEGIN)
    return head + listed + rest.partition(END)[2]


def main() -> None:
    """Write both pages, below the folder that is the first argument or the current one."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    for lang, name in PAGES.items():
        path = root / name
        page = page_with(path.read_text(encoding="utf-8"), command_list(lang))
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
