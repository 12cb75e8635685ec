"""The list of codes is whole: each has sentences, and each room's problem one code."""

from __future__ import annotations

from collections import Counter

from tanzhang.problems import sentences
from tanzhang.surfaces.partner_api.codes import CODES, code_of, sentences_of


def test_every_code_has_sentences_and_all_sentences_a_code() -> None:
    own = {code for code in sentences() if code.startswith("gate.")}
    assert {sentences_of(name) for name in CODES} == own


def test_every_problem_that_a_code_stands_for_exists_and_stands_once() -> None:
    rooms = Counter(problem for code in CODES.values() for problem in code.rooms)
    assert [problem for problem, times in rooms.items() if times > 1] == []
    assert rooms.keys() - sentences().keys() == set()


def test_whatever_intake_refuses_as_a_whole_has_a_code() -> None:
    # A receipt that cannot be made again is a fault of ours, and nothing that anybody foresaw.
    known = {"intake.receipt_differs"}
    foreseen = [
        code for code in sentences() if code.startswith(("intake.", "json.")) and code not in known
    ]
    assert [code for code in foreseen if code_of(code) == "INTERNAL_ERROR"] == []


def test_a_problem_that_nobody_foresaw_is_our_fault() -> None:
    assert code_of("packs.folder_missing") == "INTERNAL_ERROR"


def test_codes_stand_in_the_order_of_their_checks() -> None:
    assert [code.check for code in CODES.values()] == sorted(c.check for c in CODES.values())


def test_only_what_may_pass_is_retryable() -> None:
    assert {name for name, code in CODES.items() if code.retryable} == {
        "ADDRESS_LIMITED",
        "KEY_NOT_YET",
        "TIMESTAMP_OUT_OF_WINDOW",
        "BODY_TRUNCATED",
        "NONCE_REPLAYED",
        "RATE_LIMITED",
        "IDEMPOTENCY_IN_PROGRESS",
        "TEMPORARILY_UNAVAILABLE",
        "INTERNAL_ERROR",
    }
