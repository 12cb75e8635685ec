"""Nobody reads or changes anything of another partner, whatever she puts into an address."""

from __future__ import annotations

import pytest
from django.test import Client

from surfaces.portal.histories import History, history_of
from surfaces.portal.people import Person, somebody
from tanzhang.apps.activities.api import last_comparisons
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import DeliveryState
from tanzhang.surfaces.portal.models import PortalAction
from tanzhang.surfaces.portal.urls import urlpatterns

pytestmark = pytest.mark.database


@pytest.fixture
def stranger(history: History) -> Person:
    """A manager of ``bank``, which has a past of its own."""
    history_of("bank")
    return somebody("bank")


def read(history: History) -> list[tuple[str, dict[str, str]]]:
    """Every address that names something, with what ``bikes`` has there."""
    return [
        (f"keys/{history.key_id}/", {}),
        (f"batches/{history.batch_id}/", {}),
        (f"batches/{history.batch_id}/receipt/", {}),
        ("events/", {"id": "bikes-1"}),
        ("calls/", {"before": "999999"}),
        ("actions/", {"before": "999999"}),
        ("", {"partner": "bikes", "partner_id": str(history.partner_id)}),
        ("keys/", {}),
        ("calls/", {}),
        ("batches/", {}),
        ("messages/", {}),
        ("days/", {}),
    ]


def test_no_page_shows_a_stranger_what_is_another_partner_s(
    stranger: Person, history: History
) -> None:
    secret = (history.key_id, history.batch_id, "bikes.example", "bikes-2", history.message)
    owner = somebody("bikes")
    seen_by_owner = ""
    for path, asked in read(history):
        page = stranger.reads(path, **asked)
        assert page.status in (200, 404)
        shown = page.source.replace(f'value="{asked.get("id")}"', "")
        # What was asked for may be named in the refusal; nothing else of it is.
        told = [word for word in secret if word in shown and word not in path]
        assert (path, told) == (path, [])
        seen_by_owner += owner.reads(path, **asked).source
    assert [word for word in secret if word not in seen_by_owner] == []


@pytest.mark.parametrize("end", ["", "receipt/"])
def test_a_stranger_s_batch_and_key_do_not_exist(
    stranger: Person, history: History, end: str
) -> None:
    assert stranger.reads(f"batches/{history.batch_id}/{end}").status == 404
    assert stranger.reads(f"keys/{history.key_id}/").status == 404


def test_days_are_each_partner_s_own(stranger: Person, history: History) -> None:
    for end, marker in (("statement/", '"partner":"bank"'), ("detail/", "bank-1")):
        page = stranger.reads(f"days/{history.day}/{end}")
        assert marker in page.source
        assert "bikes" not in page.source


def test_no_form_changes_what_is_another_partner_s(stranger: Person, history: History) -> None:
    before = PortalAction.objects.count()
    key, day = history.key_id, history.day
    assert stranger.sends(f"keys/{key}/revoke/", {"confirmed": "on"}).status == 404
    assert stranger.sends(f"messages/{history.endpoint}/close/").status == 404
    assert stranger.sends("messages/replay/", {"message": history.message}).status == 404
    assert PortalAction.objects.count() == before
    span = {"since": "2000-01-01T00:00", "until": "2100-01-01T00:00"}
    stranger.sends("messages/replay-span/", span)
    stranger.sends(f"days/{day}/compare/", {"received": "9"})
    [own] = partners.partner_keys(history.partner_id)
    assert own.revoked_at is None
    assert partners.endpoints(history.partner_id)[0].closed_at is None
    assert partners.deliveries(history.partner_id)[0].state is DeliveryState.WAITING
    assert last_comparisons(history.partner_id) == []
    assert not PortalAction.objects.filter(partner_id=history.partner_id).exists()


def test_nobody_reads_a_page_without_a_log_in(history: History) -> None:
    anybody = Client(SERVER_NAME="localhost")
    open_to_all = {"log_in", "log_out"}
    for pattern in urlpatterns:
        if pattern.name in open_to_all:
            continue
        path = _filled(str(pattern.pattern), history)
        for send in (anybody.get, anybody.post):
            answer = send(f"/portal/{path}")
            assert (path, answer.status_code) == (path, 302)
            assert answer.headers["Location"] == "/portal/log-in/"


def _filled(pattern: str, history: History) -> str:
    """An address of the pattern that names what there is."""
    for hole, value in (
        ("<uuid:batch_id>", history.batch_id),
        ("<int:number>", "1"),
        ("(?P<key_id>[0-9A-F]{16})", history.key_id),
        (r"(?P<day>\d{4}-\d{2}-\d{2})", history.day),
        ("(?P<number>[0-9]{1,9})", str(history.endpoint)),
    ):
        pattern = pattern.replace(hole, value)
    return pattern.strip("^$")
