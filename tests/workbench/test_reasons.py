"""The sentences behind the codes of rows, and the page that lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.acts import Reason
from tanzhang.problems import sentences

ROOT = Path(__file__).resolve().parents[2]
ROW = "imports.row_"

#: Codes of ``tanzhang quantify``: what a pack refuses; they are explained with settlement.
OF_PACKS = {reason.name.lower() for reason in Reason} | {"out_of_bounds"}


@pytest.mark.parametrize("page", ["mapping-format.md", "mapping-format.zh-CN.md"])
def test_every_code_of_a_row_is_on_the_page_about_mappings(page: str) -> None:
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    codes = {code.removeprefix(ROW) for code in sentences() if code.startswith(ROW)}
    assert {code for code in codes - OF_PACKS if f"`{code}`" not in text} == set()
