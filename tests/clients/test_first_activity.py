"""The page “Your first accepted activity” does what it says, typed by a stranger on this machine.

Its commands run as they stand, in a folder of their own and beside a sandbox of their own. The only
things that are not as on the page: the port, which others may use, and where pip puts the client.
"""

from __future__ import annotations

import shutil

import pytest
from stranger import ROOT, Stranger, blocks

PAGES = ("first-activity.md", "first-activity.zh-CN.md")


def test_the_page_says_the_same_commands_in_both_languages() -> None:
    assert blocks(PAGES[0]) == blocks(PAGES[1])


@pytest.mark.database
def test_a_stranger_gets_from_a_key_to_an_accepted_activity(sandbox: Stranger) -> None:
    shell = [code for kind, code in blocks(PAGES[0]) if kind == "bash"]
    [program] = [code for kind, code in blocks(PAGES[0]) if kind == "python"]
    [printed] = [code for kind, code in blocks(PAGES[0]) if kind == "text"]
    _start, bring_in, install, run, in_typescript = shell
    sandbox.types(bring_in)
    sandbox.types(install)
    (sandbox.folder / "report.py").write_text(sandbox.on_our_port(program), encoding="utf-8")
    assert sandbox.types(run) == printed

    shutil.copytree(
        ROOT / "clients" / "typescript",
        sandbox.folder / "typescript",
        ignore=shutil.ignore_patterns("node_modules"),
    )
    said = sandbox.types(in_typescript, sandbox.folder / "typescript")
    assert said.endswith(printed.replace("ride-1", "ride-2"))
    sandbox.types("npm run check", sandbox.folder / "typescript")
