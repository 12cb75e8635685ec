"""Which rule is true of somebody, by the host's word, by a list, by a verified phone."""

from __future__ import annotations

import pytest
from joining_world import JOINING, bank_ref, programme

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.joining.evidence import Applicant, Vouched, verdicts, vouched_value
from tanzhang.apps.people.joining.lists import load_list

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def judged(who: Applicant) -> dict[str, bool | None]:
    with bulk_transaction() as cursor:
        return verdicts(cursor, programme(), JOINING, who)


def handed(person: str = "ada", host: str = "bank", **claims: tuple[str, ...]) -> Vouched:
    return Vouched(host, bank_ref(person), claims)


def test_without_host_and_phone_a_list_by_phone_is_still_to_be_seen() -> None:
    assert judged(Applicant()) == {
        "card": False, "staff": None, "employee": None, "invited": False, "anybody": None,
    }  # fmt: skip


def test_a_claim_counts_with_its_value_and_from_its_partner() -> None:
    assert judged(Applicant(handed(card_kinds=("debit", "credit"))))["card"] is True
    assert judged(Applicant(handed(card_kinds=("debit",))))["card"] is False
    assert judged(Applicant(handed()))["card"] is False
    assert judged(Applicant(handed(host="bikes", card_kinds=("credit",))))["card"] is False


def test_a_list_is_asked_for_a_verified_phone_or_the_hosts_own_reference() -> None:
    load_list(programme(), JOINING.lists["staff"], ["10000000001"])
    load_list(programme(), JOINING.lists["guests"], ["ada"])
    assert judged(Applicant(phone="10000000001")) == {
        "card": False, "staff": True, "employee": True, "invited": False, "anybody": True,
    }  # fmt: skip
    assert judged(Applicant(phone="10000000002"))["staff"] is False
    assert judged(Applicant(handed("ada")))["invited"] is True
    assert judged(Applicant(handed("bo")))["invited"] is False
    assert judged(Applicant(handed("ada", host="bikes")))["invited"] is False


def test_a_field_that_nobody_types_holds_the_lists_title_or_the_hosts_word() -> None:
    asked = JOINING.form.fields["employer"]
    assert vouched_value(asked, JOINING, Applicant()) == "某厂"
