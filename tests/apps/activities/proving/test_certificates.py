"""Certificates come to what the books say, for any period, whatever became of the acts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from river.books import ask
from river.reports import act, hand_in
from river.rules import put_in_force
from river.streams import arrive, order_holds, stream
from tanzhang.apps.activities.api import Evidence, certificate, drain
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import accounts, installation
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem
from tanzhang.proofs import Trust, canonical, key_file, read_key_file, verify_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

YEAR = date(2025, 1, 1), date(2025, 12, 31)
MAY = date(2025, 5, 1), date(2025, 5, 31)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(rulebook_in_force(), open_store(tmp_path, {}))


def trust(evidence: Evidence) -> Trust:
    evidence.keys.current(Purpose.ROOT), evidence.keys.current(Purpose.SIGN)
    return read_key_file(key_file(installation().id_text, evidence.keys.published()))


def test_a_certificate_over_all_days_comes_to_the_balance(evidence: Evidence) -> None:
    told = stream(77)
    arrive(told.rows)
    order_holds(told)
    put_in_force("another factor")
    drain()
    evidence.rules = rulebook_in_force()
    balances = dict(ask("select account_id, reduction_mg from balance"))
    certified = 0
    for holder in accounts():
        if holder.id not in balances:
            continue
        document = certificate(holder, *YEAR, evidence)
        (verdict,) = verify_file("certificate", canonical(document), trust(evidence))
        assert verdict.problem is None
        assert verdict.facts["total_mg"] == balances[holder.id]
        certified += 1
    assert certified >= 6


def test_a_certificate_counts_the_acts_of_its_days_alone(evidence: Evidence) -> None:
    hand_in(
        act("b1", "05-31 23:59", minutes=1),
        act("b2", "06-01 00:00", minutes=1),
        act("b3", "05-01 00:00", minutes=1),
    )
    drain()
    (holder,) = [entry for entry in accounts() if entry.handle == "river-ada"]
    document = certificate(holder, *MAY, evidence)
    (verdict,) = verify_file("certificate", canonical(document), trust(evidence))
    assert verdict.facts["act_count"] == 2
    assert "2025-05-01" in document["reading"]["en"]
    assert "2 项行为" in document["reading"]["zh"]


def test_an_act_that_was_moved_is_in_the_month_where_it_is_now(evidence: Evidence) -> None:
    hand_in(act("b1", "05-31 08:00"))
    drain()
    hand_in(act("b1", "06-01 08:00", revision=1))
    drain()
    (holder,) = [entry for entry in accounts() if entry.handle == "river-ada"]
    with pytest.raises(Problem, match="period_empty"):
        certificate(holder, *MAY, evidence)
    document = certificate(holder, date(2025, 6, 1), date(2025, 6, 1), evidence)
    (verdict,) = verify_file("certificate", canonical(document), trust(evidence))
    assert (verdict.problem, verdict.facts["total_mg"]) == (None, 97_400)
    assert verdict.facts["outcome_count"] == 3


def test_acts_in_one_piece_share_their_path(evidence: Evidence) -> None:
    hand_in(*(act(f"b{number}", f"05-{10 + number} 08:00") for number in range(12)))
    drain()
    (holder,) = [entry for entry in accounts() if entry.handle == "river-ada"]
    document = certificate(holder, *MAY, evidence)
    assert len(document["pieces"]) == 1
    assert document["pieces"][0]["nodes"] == []  # all leaves are there
