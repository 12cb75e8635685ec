"""The report of a conformance run is believed for its signature, and for agreeing with itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tanzhang.crypto import Algorithm, PrivateKey, PublishedKey, Purpose, generate
from tanzhang.problems import Problem
from tanzhang.proofs import (
    Document,
    Seal,
    Trust,
    canonical,
    key_file,
    make_conformance,
    read_key_file,
    verify_file,
)

MADE_AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
HERE = "0123456789abcdef"


def published(key: PrivateKey, purpose: Purpose = Purpose.SIGN) -> PublishedKey:
    return PublishedKey(key.key_id, purpose, key.algorithm, key.public.pem, MADE_AT, None, MADE_AT)


@pytest.fixture
def key() -> PrivateKey:
    return generate(Algorithm.SM2)


@pytest.fixture
def trust(key: PrivateKey) -> Trust:
    return read_key_file(key_file(HERE, [published(key)]))


def case(name: str, expected: str = "accepted", got: str = "accepted") -> dict[str, Any]:
    return {"name": name, "expected": expected, "got": got, "ok": expected == got}


def report(key: PrivateKey, *cases: dict[str, Any], purpose: Purpose = Purpose.SIGN) -> Document:
    return make_conformance(
        installation=HERE,
        url="https://sandbox.example",
        partner="acme",
        partner_key="0807B471DA4AD906",
        programme="citic",
        cases=cases,
        seal=Seal(key, [published(key, purpose)], MADE_AT),
    )


def judged(document: Document, trust: Trust) -> Any:
    (verdict,) = verify_file("conformance", canonical(document), trust)
    return verdict.problem.code if verdict.problem else verdict.facts


def test_what_failed_is_told(key: PrivateKey, trust: Trust) -> None:
    facts = judged(report(key, case("one"), case("two", got="rejected")), trust)
    assert (facts["ok"], facts["case_count"], facts["failed"]) == (False, 2, ["two"])
    assert judged(report(key, case("one")), trust)["ok"]


@pytest.mark.parametrize(
    "forge",
    [
        lambda found: found.update(ok=True),
        lambda found: found["cases"][1].update(ok=True),
        lambda found: found["cases"][1].update(got="accepted", ok=True),
        lambda found: found["cases"].pop(),
        lambda found: found.update(url="https://live.example"),
    ],
)
def test_a_report_that_was_made_better_is_refused(
    key: PrivateKey, trust: Trust, forge: Callable[[Document], None]
) -> None:
    document = report(key, case("one"), case("two", got="rejected"))
    forge(document)
    assert judged(document, trust) == "proofs.signature_wrong"


@pytest.mark.parametrize(
    "lie", [{"ok": True}, {"cases": [case("one") | {"ok": False}], "ok": False}]
)
def test_a_signed_report_that_contradicts_itself_is_refused(
    key: PrivateKey, trust: Trust, lie: Document
) -> None:
    honest = report(key, case("one", got="rejected"))
    content = {name: value for name, value in honest.items() if name not in ("keys", "signature")}
    lying = Seal(key, [published(key)], MADE_AT).put_on(content | lie)
    assert judged(lying, trust) == "proofs.report_contradicts"


def test_a_strangers_report_and_one_of_another_kind_of_key_are_refused(
    key: PrivateKey, trust: Trust
) -> None:
    assert judged(report(generate(Algorithm.SM2), case("one")), trust) == "proofs.key_unknown"
    root = read_key_file(key_file(HERE, [published(key, Purpose.ROOT)]))
    document = report(key, case("one"), purpose=Purpose.ROOT)
    assert judged(document, root) == "proofs.key_purpose_wrong"


def test_a_partners_own_report_is_verified_with_its_bare_key(key: PrivateKey) -> None:
    document = report(key, case("one"))
    bare = read_key_file(key.public.pem.encode())
    assert judged(document, bare)["partner"] == "acme"
    other = read_key_file(generate(Algorithm.SM2).public.pem.encode())
    assert judged(document, other) == "proofs.key_unknown"


def test_another_document_is_no_report(key: PrivateKey, trust: Trust) -> None:
    assert judged({"format": "tanzhang-root/1"}, trust) == "proofs.format_unknown"
    with pytest.raises(Problem):
        report(key, case("\ud800"))
