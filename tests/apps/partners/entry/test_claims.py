"""What a partner vouches for, as text in a link and as values in a token."""

from __future__ import annotations

import pytest

from tanzhang.apps.partners.entry.claims import claims_in, parse_claims, write_claims
from tanzhang.problems import Problem


def test_claims_are_written_and_read_alike() -> None:
    claims = {"cardholder": (), "card_kinds": ("credit", "debit"), "staff_of": ("acme-1",)}
    assert write_claims(claims) == "cardholder;card_kinds=credit,debit;staff_of=acme-1"
    assert parse_claims(write_claims(claims)) == claims
    assert parse_claims("") == {}


@pytest.mark.parametrize(
    "text",
    [
        ";",
        "cardholder;",
        "Cardholder",
        "cardholder=",
        "cardholder= credit",
        "a=1,,2",
        "cardholder;cardholder",
        "a=1\nb",
        "a=" + "x" * 65,
        ";".join(f"a{'b' * n}" for n in range(1, 19)),
    ],
)
def test_what_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(Problem, match=r"partners\.entry_invalid"):
        parse_claims(text)


def test_a_token_says_true_a_text_or_texts() -> None:
    said = {
        "sub": "x",
        "cardholder": True,
        "card_kinds": ["credit", "debit"],
        "car_model": "J6",
        "staff_of": {"id": 1},
        "licence": [],
    }
    names = ("cardholder", "card_kinds", "car_model", "staff_of", "licence", "other")
    found = claims_in(said, names)
    assert found == {"cardholder": (), "card_kinds": ("credit", "debit"), "car_model": ("J6",)}
    assert claims_in({"cardholder": False}, names) == {}
    assert claims_in({"cardholder": "no way!"}, names) == {}
