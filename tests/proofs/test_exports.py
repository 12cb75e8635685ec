"""A person's copy is believed for its signature, and for having the shape that it promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tanzhang.crypto import Algorithm, PrivateKey, PublishedKey, Purpose, generate
from tanzhang.proofs import (
    Document,
    NotIncluded,
    Seal,
    Section,
    Trust,
    canonical,
    key_file,
    make_audit_pack,
    make_export,
    read_key_file,
    verify_file,
)

MADE_AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
HERE = "0123456789abcdef"
WORDS = {"zh": "账户", "en": "accounts"}


def published(key: PrivateKey, purpose: Purpose = Purpose.SIGN) -> PublishedKey:
    return PublishedKey(key.key_id, purpose, key.algorithm, key.public.pem, MADE_AT, None, MADE_AT)


@pytest.fixture
def key() -> PrivateKey:
    return generate(Algorithm.SM2)


@pytest.fixture
def trust(key: PrivateKey) -> Trust:
    return read_key_file(key_file(HERE, [published(key)]))


def copy(key: PrivateKey, *rows: dict[str, Any]) -> Document:
    return make_export(
        installation=HERE,
        accounts=["river-ada"],
        sections=[Section("accounts", WORDS, list(rows) or [{"handle": "river-ada", "n": 1}])],
        not_included=[NotIncluded("piece", WORDS)],
        seal=Seal(key, [published(key, Purpose.SIGN)], MADE_AT),
    )


def judged(kind: str, document: Document, trust: Trust) -> Any:
    (verdict,) = verify_file(kind, canonical(document), trust)
    return verdict.problem.code if verdict.problem else verdict.facts


def test_a_copy_says_whose_it_is_and_how_many_rows_it_has(key: PrivateKey, trust: Trust) -> None:
    facts = judged("export", copy(key), trust)
    assert (facts["accounts"], facts["rows"]) == (["river-ada"], {"accounts": 1})


@pytest.mark.parametrize(
    "forge",
    [
        lambda found: found["sections"][0]["rows"].append({"handle": "river-bo"}),
        lambda found: found["sections"][0]["rows"][0].update(n=2),
        lambda found: found["accounts"].append("river-bo"),
        lambda found: found["not_included"].clear(),
        lambda found: found.pop("signature"),
    ],
)
def test_a_copy_that_was_altered_is_refused(
    forge: Callable[[Document], object], key: PrivateKey, trust: Trust
) -> None:
    document = copy(key)
    forge(document)
    assert judged("export", document, trust) in ("proofs.signature_wrong", "proofs.unsigned")


def test_a_section_is_there_once(key: PrivateKey, trust: Trust) -> None:
    twice = make_export(
        installation=HERE,
        accounts=[],
        sections=[Section("a", WORDS, []), Section("a", WORDS, [])],
        not_included=[],
        seal=Seal(key, [published(key, Purpose.SIGN)], MADE_AT),
    )
    assert judged("export", twice, trust) == "proofs.member_repeated"


def test_an_audit_pack_names_its_files_and_where_the_readings_end(
    key: PrivateKey, trust: Trust
) -> None:
    document = make_audit_pack(
        installation=HERE,
        until=MADE_AT,
        files={"a.csv": bytes(32)},
        readings=7,
        last_reading=bytes(32),
        seal=Seal(key, [published(key, Purpose.SIGN)], MADE_AT),
    )
    facts = judged("audit-pack", document, trust)
    assert (facts["files"], facts["readings"]) == ({"a.csv": "00" * 32}, 7)
    document["readings"] = 6
    assert judged("audit-pack", document, trust) == "proofs.signature_wrong"
