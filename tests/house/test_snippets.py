"""The Python in the pages runs, and prints what the page says it prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from tanzhang.engine.packs import check

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


def test_the_pack_of_the_guide_is_a_pack_without_fault(
    pages: dict[str, str], tmp_path: Path
) -> None:
    guide = pages["docs/guides/add-a-methodology.md"]
    pack, examples = re.findall(r"^```yaml\n(.*?)^```", guide, re.M | re.S)
    home = tmp_path / "cloth-bag"
    home.mkdir()
    (home / "pack.yaml").write_text(pack, encoding="utf-8")
    (home / "examples.yaml").write_text(examples, encoding="utf-8")
    assert [fault.text() for fault in check(home)] == []
    wrong = examples.replace("reduction_mg: 25000", "reduction_mg: 25001")
    (home / "examples.yaml").write_text(wrong, encoding="utf-8")
    assert [fault.code for fault in check(home)] == ["packs.example_differs"]
