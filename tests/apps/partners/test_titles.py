"""All partners, by code, with their titles."""

from __future__ import annotations

import pytest

from tanzhang.apps.partners.api import partner, partner_lines

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_partners_are_listed_by_code_in_both_languages() -> None:
    lines = partner_lines()
    assert [line.code for line in lines] == ["bank", "bikes", "ferries", "grid", "shop"]
    assert [line.title("zh") for line in lines] == ["银行", "单车", "渡口", "电网", "商店"]
    assert lines[0].title("en") == "bank"
    assert [line.id for line in lines] == [partner(line.code).id for line in lines]
