"""The Python in the pages runs, and prints what the page says it prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PRINTED = re.compile(r"^```python\n(.*?)^```\n(?:[^`]*?)^```text\n(.*?)^```", re.M | re.S)


def test_the_python_of_the_readme_prints_what_the_readme_shows(
    root: Path, pages: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    shown = PRINTED.findall(pages["README.md"])
    assert shown
    for code, expected in shown:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})
        assert printed.getvalue() == expected
