"""A newcomer types what the README's first screen says, in either language, and meets a page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from first_ports import first_ports

FIRST_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: README -> the newcomer's language, and what the bank's page greets her with.
READMES = {
    "README.md": ("en_GB.UTF-8", "Sample Bank (fictitious)"),
    "README.zh-CN.md": ("zh_CN.UTF-8", "示例银行（虚构）"),
}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Where both newcomers' data lie, so that the second goes on where the first stopped."""
    with tempfile.TemporaryDirectory(prefix="tzn-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # the server may run as another user
        yield Path(folder)


def newcomers_environment(home: Path, locale: str) -> dict[str, str]:
    """Nothing is set but her language; what "make test" was told is not told to her command."""
    foreign = ("DATABASE_", "TANZHANG_", "MAKE", "MFLAGS", "ARGS", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"TANZHANG_HOME": str(home), "LANG": locale}


@pytest.mark.parametrize("page", READMES)
def test_the_first_command_of_the_readme_ends_in_a_page(
    page: str, root: Path, pages: dict[str, str], home: Path
) -> None:
    locale, greeting = READMES[page]
    block = FIRST_BLOCK.search(pages[page])
    assert block is not None
    typed = block[1].split()
    assert typed == ["make", "run"]
    with (
        first_ports(),
        subprocess.Popen(
            typed,
            cwd=root,
            env=newcomers_environment(home, locale),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # as in a terminal: Ctrl-C reaches make and what it runs
        ) as run,
    ):
        assert run.stdout is not None
        said = ""
        try:
            for line in run.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            address = re.search(r"http://\S+/host/", said)
            assert address is not None, said
            asked = urllib.request.Request(
                address[0], headers={"Accept-Language": locale[:5].replace("_", "-")}
            )
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert greeting in answer.read().decode()
        finally:
            os.killpg(run.pid, signal.SIGINT)
            said += run.stdout.read()
            run.wait(60)
    assert not re.search("Traceback|Error 1", said), said
