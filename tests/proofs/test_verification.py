"""Sound documents are valid, and say what they prove; a file may hold one on each line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from proof_world import ACCOUNT, World, code, judged, leaf

from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs import KINDS, Period, Trust, canonical, read_key_file, verify_file


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.at(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def trust(world: World) -> Trust:
    return world.trust


def test_a_receipt_says_where_the_act_is_and_what_it_counts(world: World, trust: Trust) -> None:
    facts = judged("receipt", world.receipt(), trust).facts
    assert facts["event_key"] == leaf(5).event_key.hex()
    assert facts["total_mg"] == 112_010 - 12_010
    assert facts["status"] == "credited"
    assert [
        (o["position"], o["index"], o["outcome_no"], o["posted_mg"]) for o in facts["outcomes"]
    ] == [(3, 1, 0, 112_010), (7, 2, 1, -12_010)]
    assert facts["methods"] == ["meituan-bike@1"]
    assert (facts["installation"], facts["root_size"]) == (world.installation, 7)


def test_an_older_receipt_is_valid_and_says_of_which_root_it_is(world: World, trust: Trust) -> None:
    facts = judged("receipt", world.receipt(size=5), trust).facts
    assert (facts["total_mg"], facts["root_size"]) == (112_010, 5)


def test_a_receipt_says_in_both_languages_what_it_does_not_prove(world: World) -> None:
    meaning = world.receipt()["meaning"]
    assert {*meaning} == {"en", "zh"}
    assert any("only once" in line for line in meaning["en"]["does_not_prove"])
    assert any("只计了一次" in line for line in meaning["zh"]["does_not_prove"])


def test_a_certificate_says_what_the_acts_of_the_period_come_to(world: World, trust: Trust) -> None:
    facts = judged("certificate", world.certificate(), trust).facts
    assert facts["total_mg"] == 12 * 112_010 - 12_010
    assert facts["act_count"] == 12
    assert facts["account"] == ACCOUNT.hex()
    assert facts["period"] == {
        "from": "2024-05-01",
        "to": "2024-05-31",
        "time_zone": "Asia/Shanghai",
    }


def test_a_certificate_over_another_period_than_its_acts_is_refused(
    world: World, trust: Trust
) -> None:
    later = Period(date(2024, 5, 2), date(2024, 5, 31), "Asia/Shanghai")
    assert code("certificate", world.certificate(later), trust) == "proofs.period_left"


def test_a_statement_lists_what_its_leaves_say(world: World, trust: Trust) -> None:
    facts = judged("statement", world.statement(), trust).facts
    assert (facts["act_count"], facts["total_mg"]) == (12, 12 * 112_010 - 12_010)


def test_a_root_names_the_one_before_it(world: World, trust: Trust) -> None:
    facts = judged("root", world.root(3), trust).facts
    assert facts["root_size"] == 3
    assert len(facts["previous_sm3"]) == 64
    assert judged("root", world.root(1), trust).facts["previous_sm3"] is None


@pytest.mark.parametrize(("old", "new"), [(1, 7), (4, 7), (6, 7), (7, 7), (3, 5)])
def test_a_consistency_proof_says_that_one_root_keeps_the_other(
    world: World, trust: Trust, old: int, new: int
) -> None:
    facts = judged("root", world.consistency(old, new), trust).facts
    assert (facts["continues_size"], facts["root_size"]) == (old, new)


def test_a_document_may_be_laid_out_in_any_way(world: World, trust: Trust) -> None:
    receipt = world.receipt()
    laid_out = json.dumps(receipt, indent=2, ensure_ascii=True).encode()
    assert code("receipt", laid_out, trust) == "valid"
    assert code("receipt", laid_out.replace(b"\n", b"\r\n"), trust) == "valid"


def test_every_line_is_judged(world: World, trust: Trust) -> None:
    good, other = canonical(world.receipt()), canonical(world.root())
    lines = b"\n".join([good, other, good[:-9], b"", good])
    found = verify_file("receipt", lines, trust)
    assert [(verdict.line, verdict.code) for verdict in found] == [(1, 0), (2, 1), (3, 2), (5, 0)]


@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"\xff\xfe", b"[]", b"1", b"{", b"null"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_document_is_unreadable(trust: Trust, kind: str, data: bytes) -> None:
    (found,) = verify_file(kind, data, trust)
    assert found.code == 2


def test_one_public_key_in_pem_is_enough_for_a_receipt(world: World) -> None:
    pem = world.store.current(Purpose.SIGN).public.pem
    assert code("receipt", world.receipt(), read_key_file(pem.encode())) == "valid"
    assert code("certificate", world.certificate(), read_key_file(pem.encode())) == "valid"


def test_a_root_is_verified_by_its_own_public_key_in_pem(world: World) -> None:
    pem = world.store.current(Purpose.ROOT).public.pem
    assert code("root", world.root(), read_key_file(pem.encode())) == "valid"
    signing = world.store.current(Purpose.SIGN).public.pem
    assert code("root", world.root(), read_key_file(signing.encode())) == "proofs.key_unknown"


def test_a_document_agrees_with_the_root_that_is_held(world: World, trust: Trust) -> None:
    receipt = world.receipt()
    assert code("receipt", receipt, trust, receipt["root"]) == "valid"
    assert code("receipt", world.receipt(5), trust, world.consistency(5, 7)) == "valid"
    assert code("root", world.root(5), trust, world.consistency(5, 7)) == "valid"


def test_documents_stay_valid_over_rotations_of_both_keys(tmp_path: Path) -> None:
    world = World.at(tmp_path)
    old_file, old_receipt = world.trust, world.receipt()
    for _ in range(2):
        world.rotate()
    new_receipt = world.receipt()
    assert new_receipt["signature"]["key_id"] != old_receipt["signature"]["key_id"]
    assert new_receipt["root"]["signature"]["key_id"] != old_receipt["root"]["signature"]["key_id"]
    for trust in (old_file, world.trust):
        assert code("receipt", old_receipt, trust) == "valid"
        assert code("receipt", new_receipt, trust) == "valid"


@pytest.mark.parametrize("data", [b"", b"{}", b"-----BEGIN PUBLIC KEY-----", b"\xff", b"[]"])
def test_a_key_file_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Problem, match="key_file_malformed"):
        read_key_file(data)
