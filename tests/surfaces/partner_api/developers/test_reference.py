"""The page of errors is what the list of codes and the sentences make of it."""

from __future__ import annotations

import pytest

from tanzhang.surfaces.partner_api.developers import pages, reference


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_errors_is_current(lang: str) -> None:
    """Run ``make reference``."""
    file = pages.folder() / reference.PAGES[lang]
    assert file.read_text(encoding="utf-8") == reference.errors_page(lang)
