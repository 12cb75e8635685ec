"""What managers change: keys, addresses, deliveries, counts; all of it written down."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clean_database import Database
from surfaces.portal.histories import History
from surfaces.portal.people import Person, somebody
from tanzhang.apps.activities.api import last_comparisons
from tanzhang.apps.partners import api as partners
from tanzhang.crypto import Algorithm, generate
from tanzhang.surfaces.portal.models import PortalAction, Role, Verb

pytestmark = pytest.mark.database


def new_key(**changed: str) -> dict[str, str]:
    pem = generate(Algorithm.SM2).public.pem
    return {"pem": pem, "purpose": "sign", "way": "rotate", "active_from": ""} | changed


def done(history: History) -> list[tuple[str, str]]:
    rows = PortalAction.objects.filter(partner_id=history.partner_id, actor__isnull=False)
    return list(rows.order_by("id").values_list("verb", "actor_name"))


def test_a_successor_is_announced_and_the_present_key_ends_a_week_later(
    manager: Person, history: History
) -> None:
    begins = timezone.localtime() + timedelta(days=2)
    sent = new_key(active_from=f"{begins:%Y-%m-%dT%H:%M}")
    assert manager.sends("keys/add/", sent).status == 302
    old, new = partners.partner_keys(history.partner_id)
    assert new.state(timezone.now()) == "announced"
    assert old.active_until == new.active_from + timedelta(days=7)
    # What she typed was the time of day in her programme's zone.
    assert f"{new.active_from:%H:%M}" == f"{begins - timedelta(hours=8):%H:%M}"
    assert "Announced" in manager.reads("keys/").text
    assert done(history) == [(Verb.KEY_ROTATED, manager.name)]


def test_a_second_key_is_added_and_a_third_is_refused_with_a_reason(
    manager: Person, history: History
) -> None:
    assert manager.sends("keys/add/", new_key(way="add")).status == 302
    answer = manager.sends("keys/add/", new_key(way="add"))
    assert answer.status == 422
    assert "partners.keys_too_many" in answer.text
    assert len(partners.partner_keys(history.partner_id)) == 2
    assert done(history) == [(Verb.KEY_ADDED, manager.name)]


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_what_is_no_key_is_not_taken(manager: Person, history: History, pem: str) -> None:
    assert manager.sends("keys/add/", new_key(pem=pem)).status == 422
    assert len(partners.partner_keys(history.partner_id)) == 1
    assert done(history) == []


def test_a_key_is_revoked_only_with_the_confirmation(manager: Person, history: History) -> None:
    path = f"keys/{history.key_id}/revoke/"
    assert manager.sends(path).status == 422
    assert partners.partner_keys(history.partner_id)[0].revoked_at is None
    since = timezone.localtime() - timedelta(hours=1)
    sent = {"confirmed": "on", "compromised_since": f"{since:%Y-%m-%dT%H:%M}"}
    assert manager.sends(path, sent).status == 302
    [key] = partners.partner_keys(history.partner_id)
    assert key.revoked_at is not None
    assert key.compromised_since is not None
    assert done(history) == [(Verb.KEY_REVOKED, manager.name)]
    page = manager.reads(f"keys/{history.key_id}/").text
    assert "Revoked" in page
    assert "Compromised since" in page


def test_a_secret_is_shown_once_by_the_answer_to_the_form(
    manager: Person, history: History
) -> None:
    sent = {"url": "https://bikes.example/b", "kinds": "cn.tanzhang.batch.settled.v1"}
    answer = manager.sends("messages/open/", sent)
    made = partners.endpoints(history.partner_id)[-1]
    secret = partners.endpoint_secret(made.id)
    assert (answer.status, secret in answer.text) == (200, True)
    assert made.kinds == ("cn.tanzhang.batch.settled.v1",)
    assert secret not in manager.reads("messages/").source
    again = manager.sends("messages/open/", sent)
    assert (again.status, secret in again.source) == (422, False)
    assert manager.client.get("/portal/messages/open/").status_code == 405
    assert manager.sends(f"messages/{made.id}/close/").status == 302
    assert partners.endpoints(history.partner_id)[-1].closed_at is not None
    assert [verb for verb, _ in done(history)] == [Verb.WEBHOOK_OPENED, Verb.WEBHOOK_CLOSED]


def test_one_message_and_a_span_are_delivered_again(manager: Person, history: History) -> None:
    manager.sends("messages/replay/", {"message": history.message})
    assert "1 delivery begins again." in manager.reads("messages/").text
    span = {"since": "2020-01-01T00:00", "until": "2100-01-01T00:00"}
    assert manager.sends("messages/replay-span/", span).status == 302
    assert manager.sends("messages/replay-span/", {"since": "x"}).status == 422
    assert [verb for verb, _ in done(history)] == [Verb.MESSAGE_REPLAYED, Verb.SPAN_REPLAYED]


def test_an_own_count_is_compared_and_its_breaks_are_named(
    manager: Person, history: History
) -> None:
    path = f"days/{history.day}/compare/"
    ids = SimpleUploadedFile("ids.txt", b"\xef\xbb\xbfbikes-1\r\n\r\nlost\r\n")
    assert manager.sends(path, {"received": "2", "accepted": "2", "ids": ids}).status == 302
    page = manager.reads(f"days/{history.day}/").text
    assert "3 breaks are open." in page
    assert "Accepted 1 2" in page
    assert "Only you have these lost" in page
    assert "Only we have these bikes-2" in page
    assert "3 breaks" in manager.reads("days/").text
    assert manager.sends(path, {"received": "2"}).status == 302
    [compared] = last_comparisons(history.partner_id)
    assert compared["agrees"]
    assert done(history) == [(Verb.COUNT_COMPARED, manager.name)] * 2


@pytest.mark.parametrize(
    "count", [{}, {"received": "-1"}, {"received": "x"}, {"ids": "binary"}], ids=str
)
def test_what_is_no_count_changes_nothing(
    manager: Person, history: History, count: dict[str, str]
) -> None:
    sent = {"ids": SimpleUploadedFile("ids", b"\xff\xfe")} if "ids" in count else count
    assert manager.sends(f"days/{history.day}/compare/", sent).status in (409, 422)
    assert last_comparisons(history.partner_id) == []
    assert done(history) == []


def test_a_viewer_changes_nothing(history: History) -> None:
    viewer = somebody("bikes", Role.VIEWER)
    for path in (
        "keys/add/",
        f"keys/{history.key_id}/revoke/",
        "messages/open/",
        f"messages/{history.endpoint}/close/",
        "messages/replay/",
        "messages/replay-span/",
        f"days/{history.day}/compare/",
    ):
        answer = viewer.sends(path, {"confirmed": "on", **new_key()})
        assert (path, answer.status) == (path, 403)
        assert "portal.manager_needed" in answer.text
    assert done(history) == []


def test_what_was_done_can_be_added_to_and_never_changed(
    database: Database, manager: Person, history: History
) -> None:
    manager.sends("messages/replay/", {"message": history.message})
    assert f"{manager.name} had the message" in manager.reads("actions/").text
    with database.connect("app") as app:
        for statement in (
            "update portal_action set note = ''",
            "delete from portal_action",
            "update portal_member set partner_id = partner_id",
            "delete from portal_member",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(statement)
