"""``tanzhang partner suspect``: two persons at the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from river.books import balance
from river.thief import AFTER, BEFORE, FORGED, OWN, deliver, two_keys
from tanzhang.apps.activities.api import drain
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

SINCE = "2025-10-09T12:00Z"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["partner", *words], catch_exceptions=False)


def answer(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def refusal(*words: str) -> str:
    with pytest.raises(Problem) as refused:
        run("suspect", *words)
    return refused.value.code


@pytest.fixture
def stolen() -> str:
    """A key with which a thief reported four acts of ada's and two of cy's."""
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    deliver(keys.stolen, AFTER, *FORGED)
    drain()
    return keys.stolen


def test_revoking_a_compromised_key_opens_a_suspicion_and_holds_at_once(stolen: str) -> None:
    before = balance("river-cy")
    told = answer("revoke", "bikes", stolen, "--compromised-since", SINCE, "--by", "ling")
    assert told["state"] == "revoked"
    opened = told["suspicion"]
    assert (opened["state"], opened["events"], opened["people"]) == ("open", 6, 2)
    assert opened["reduction_mg"] > before[0] > 0
    drain()
    assert balance("river-cy") == (0, 0)
    again = answer("revoke", "bikes", stolen, "--compromised-since", SINCE)
    assert again["suspicion"] is None
    assert answer("suspect", "list")["suspicions"] == [opened]


def test_a_key_that_is_only_given_up_makes_nobody_suspicious(stolen: str) -> None:
    assert answer("revoke", "bikes", stolen)["suspicion"] is None
    assert answer("suspect", "list") == {"suspicions": []}
    assert "no suspicion" in run("suspect", "list", "--lang", "en").stdout


def test_one_proposes_another_approves_and_everything_counts_again(stolen: str) -> None:
    before = balance("river-ada")
    answer("revoke", "bikes", stolen, "--compromised-since", SINCE, "--note", "a laptop")
    drain()
    why = ("--note", "all are in its journal")
    told = answer("suspect", "propose", "1", "confirm", "--by", "Ling", *why)
    assert (told["state"], told["proposed"]) == ("proposed", "confirm")
    assert refusal("approve", "1", "--by", " ling ") == "suspicion.same_person"
    assert refusal("propose", "1", "reverse", "--by", "Mei", *why) == "suspicion.proposal_open"
    assert answer("suspect", "approve", "1", "--by", "Mei")["state"] == "confirmed"
    drain()
    assert balance("river-ada") == before
    shown = answer("suspect", "show", "1")
    [made] = shown["proposals"]
    assert (made["proposed_by"], made["decision"], made["decided_by"]) == (
        "Ling",
        "approved",
        "Mei",
    )
    assert refusal("propose", "1", "reverse", "--by", "Mei", *why) == "suspicion.resolved"


def test_refused_and_withdrawn_proposals_leave_everything_held(stolen: str) -> None:
    answer("revoke", "bikes", stolen, "--compromised-since", SINCE)
    drain()
    held = balance("river-ada")
    why = ("--note", "perhaps")
    assert refusal("approve", "1", "--by", "Mei") == "suspicion.nothing_proposed"
    run("suspect", "propose", "1", "confirm", "--by", "Ling", *why)
    assert refusal("withdraw", "1", "--by", "Mei") == "suspicion.other_person"
    assert answer("suspect", "refuse", "1", "--by", "Mei")["state"] == "open"
    run("suspect", "propose", "1", "reverse", "--by", "Mei", *why)
    assert answer("suspect", "withdraw", "1", "--by", "Mei")["state"] == "open"
    assert answer("suspect", "carry-on") == {"unfinished": 0}
    drain()
    assert balance("river-ada") == held
    text = run("suspect", "show", "1", "--lang", "en").stdout
    assert "Ling proposed to confirm: perhaps" in text
    assert "Mei refused it." in text


def test_what_is_not_there_or_says_nothing_is_refused(stolen: str) -> None:
    assert refusal("show", "9") == "suspicion.number_unknown"
    answer("revoke", "bikes", stolen, "--compromised-since", SINCE)
    assert refusal("propose", "1", "confirm", "--by", "Ling", "--note", " ") == (
        "suspicion.note_missing"
    )
    assert refusal("propose", "1", "confirm", "--by", " ", "--note", "why") == (
        "suspicion.person_missing"
    )
