"""Each check answers with its code, and of several faults the first in the documented order."""

from __future__ import annotations

import pytest

from surfaces.partner_api.signing import Partner
from surfaces.partner_api.trouble import IN_ORDER, Trouble
from tanzhang.crypto import PublicKey
from tanzhang.surfaces.partner_api.codes import CODES

pytestmark = pytest.mark.database

ALL = [code for entry in IN_ORDER for code in entry]


@pytest.fixture
def trouble(bikes: Partner, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    return Trouble(bikes, monkeypatch)


@pytest.mark.parametrize("code", ALL)
def test_one_fault_gets_its_code_and_a_signed_answer(
    trouble: Trouble, platform_keys: dict[str, PublicKey], code: str
) -> None:
    answer = trouble.answer({code})
    assert (answer.code, answer.status) == (code, CODES[code].status), answer.body
    assert answer.json()["retryable"] is CODES[code].retryable
    assert answer.headers["Content-Type"] == "application/problem+json"
    if code in {"SIG_MISSING", "SIG_MALFORMED"}:
        answer = type(answer)(answer.status, answer.body, answer.headers, "-")
    assert answer.is_signed_by(platform_keys)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_of_this_fault_and_all_later_ones_this_is_told(trouble: Trouble, place: int) -> None:
    for first in IN_ORDER[place]:
        wrong = {first} | {entry[0] for entry in IN_ORDER[place + 1 :]}
        assert trouble.answer(wrong).code == first
        break


def test_the_order_here_is_the_published_one() -> None:
    checks = [CODES[code].check for code in ALL]
    assert checks == sorted(checks)
    at_any_time = {"TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR"}
    assert set(CODES) - set(ALL) == at_any_time | {"CONSENT_MISSING"}  # no batch can get that one
