"""What a partner vouches for, as text in a link and as values in a token."""

from __future__ import annotations

import pytest

from tanzhang.apps.partners.entry.claims import (
    claims_in,
    holding,
    parse_claims,
    write_claims,
)
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


@pytest.mark.parametrize("text", ["adult", "adult=true"])
def test_a_flag_holds_bare_or_true(text: str) -> None:
    assert holding(parse_claims(text), ["adult"]) == {"adult": ()}
    assert holding(claims_in({"adult": "true"}, ("adult",)), ["adult"]) == {"adult": ()}
    assert holding(claims_in({"adult": True}, ("adult",)), ["adult"]) == {"adult": ()}


@pytest.mark.parametrize("value", ["false", "False", "no", "0", "off", "maybe", "true,false"])
def test_a_flag_with_any_other_value_is_not_claimed(value: str) -> None:
    assert holding(parse_claims(f"adult={value}"), ["adult"]) == {}
    assert holding(claims_in({"adult": value.split(",")}, ("adult",)), ["adult"]) == {}
    named = {"staff_of": (value.split(",")[0],)}
    assert holding(named, ["adult"]) == named  # a claim that names values is no flag
