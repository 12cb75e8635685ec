"""A partner opens and closes its own addresses, and nobody else's."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.partners.webhooks.endpoints import (
    MOST_OPEN,
    close_endpoint,
    endpoint_secret,
    endpoints,
    open_endpoint,
)
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

URL = "https://hooks.example.cn/in"


def test_an_open_address_is_listed_with_its_kinds(bikes: int, bank: int) -> None:
    made = open_endpoint(bikes, URL, ["cn.tanzhang.batch.settled.v1"])
    assert endpoints(bikes) == [made]
    assert made.kinds == ("cn.tanzhang.batch.settled.v1",)
    assert made.name == f"we_{made.id}"
    assert endpoints(bank) == []


def test_an_address_is_open_once_and_may_be_opened_again_when_closed(bikes: int) -> None:
    first = open_endpoint(bikes, URL)
    with pytest.raises(Problem, match=r"partners\.webhook_known"):
        open_endpoint(bikes, URL)
    close_endpoint(bikes, first.id)
    assert open_endpoint(bikes, URL).id != first.id


def test_a_partner_cannot_close_the_address_of_another(bikes: int, bank: int) -> None:
    made = open_endpoint(bikes, URL)
    with pytest.raises(Problem, match=r"partners\.webhook_unknown"):
        close_endpoint(bank, made.id)
    assert endpoints(bikes)[0].closed_at is None


def test_a_partner_has_a_handful_of_addresses(bikes: int) -> None:
    for number in range(MOST_OPEN):
        open_endpoint(bikes, f"{URL}/{number}")
    with pytest.raises(Problem, match=r"partners\.webhooks_too_many"):
        open_endpoint(bikes, URL)


def test_a_secret_is_of_one_address_and_lies_in_no_table(bikes: int, database: Database) -> None:
    one, other = open_endpoint(bikes, URL), open_endpoint(bikes, f"{URL}/2")
    secret = endpoint_secret(one.id)
    assert secret == endpoint_secret(one.id) != endpoint_secret(other.id)
    assert secret.startswith("whsec_")
    with database.connect("auditor") as elsewhere:
        rows = elsewhere.execute("select e::text from webhook_endpoint e").fetchall()
    assert not any(secret.removeprefix("whsec_") in row[0] for row in rows)


def test_an_installation_of_real_people_calls_no_private_address(
    bikes: int, database: Database
) -> None:
    with database.connect("owner") as owner:
        owner.execute("update installation set kind = 'live'")
    with pytest.raises(Problem, match=r"partners\.webhook_url_refused"):
        open_endpoint(bikes, "http://127.0.0.1:9000/in")
