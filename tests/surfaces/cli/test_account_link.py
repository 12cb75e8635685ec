"""``tanzhang account link`` and ``unlink`` as an operator uses them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from river.kin import account_of
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import links_of
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PAIR = ("river-di", "river-fu")
SINCE = ("--from", "2025-05-30", "--factor", "ID card, desk 4")


def run(*words: str) -> str:
    return CliRunner().invoke(app, ["account", *words], catch_exceptions=False).stdout


def answer(*words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*words, "--json"))
    return told


def held() -> list[tuple[int, int | None, str]]:
    with bulk_transaction() as cursor:
        entries = links_of(cursor, [account_of("di").subject_id])
    return [(entry.from_day, entry.to_day, entry.factor) for entry in entries]


def test_two_accounts_are_linked_from_a_day_on_and_parted_from_another() -> None:
    number = answer("link", *PAIR, *SINCE)["linked"]
    assert held() == [(20_238, None, "ID card, desk 4")]
    told = answer("unlink", *PAIR, "--from", "2025-06-01", "--why", "sold")
    assert told == {"ended": number, "day": "2025-06-01"}
    assert held() == [(20_238, 20_240, "ID card, desk 4")]


def test_a_mistake_is_taken_back_in_plain_words() -> None:
    assert "两个账户的行为按同一人计算" in run("link", *PAIR, *SINCE, "--lang", "zh")
    told = run("unlink", *PAIR, "--why", "two sisters", "--lang", "en")
    assert "as if it had never been" in told
    assert held() == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("link", *PAIR, "--from", "30 May", "--factor", "f"), "cli.day_malformed"),
        (("link", "river-di", "nobody", *SINCE), "cli.account_unknown"),
        (("unlink", *PAIR, "--why", "w"), "people.not_linked"),
    ],
)
def test_what_cannot_be_done_is_refused(words: tuple[str, ...], code: str) -> None:
    with pytest.raises(Problem) as refused:
        run(*words)
    assert refused.value.code == code
