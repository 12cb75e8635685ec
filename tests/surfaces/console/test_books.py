"""Partners, pieces, workers, accounts and the ledger: what the pages say is what is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from clean_database import Database
from surfaces.console.desk import sit_down
from tanzhang.apps.activities.api import latest_pieces

pytestmark = pytest.mark.database


@pytest.mark.usefixtures("acts")
def test_an_account_shows_its_balances_acts_and_consent() -> None:
    page = sit_down("somebody", "reader").reads("accounts/river-ada/").text
    assert "0.1374 kg" in page or "0.1" in page
    assert "riding 1 97.4 g" in page
    assert "duplicate" in page
    assert page.count("open") >= 4  # consent to each partner at the river


@pytest.mark.usefixtures("acts")
def test_accounts_are_listed_by_handle_and_nothing_else() -> None:
    page = sit_down("somebody", "reader").reads("accounts/").text
    assert "river-ada" in page and "coast-bo" in page


@pytest.mark.usefixtures("acts")
def test_a_partner_shows_its_scenes_and_pieces() -> None:
    page = sit_down("somebody", "reader").reads("partners/bikes/").text
    assert "walking hankou-walk" in page
    ids = [piece.id for piece in latest_pieces(9) if piece.partner == "bikes"]
    assert len(ids) == 2
    assert all(f" {number} 2025-10-09" in page for number in ids)


@pytest.mark.usefixtures("acts")
def test_a_piece_shows_what_settling_it_did() -> None:
    (piece, *_rest) = latest_pieces(1)
    page = sit_down("somebody", "reader").reads(f"pieces/{piece.id}/").text
    assert "outcomes were posted" in page
    assert piece.leaf_root is not None and piece.leaf_root in page
    assert piece.digest in page


@pytest.mark.usefixtures("acts")
def test_the_log_and_the_piece_say_the_same_root() -> None:
    page = sit_down("somebody", "reader").reads("ledger/1/").text
    assert "The log and the settled piece say the same root." in page


@pytest.mark.usefixtures("acts")
def test_the_ledger_shows_what_each_programme_gave_out() -> None:
    page = sit_down("somebody", "reader").reads("ledger/").text
    assert "river 0." in page


@pytest.mark.usefixtures("river")
def test_what_waits_is_shown_with_the_age_of_the_oldest() -> None:
    from river.reports import act, frame
    from tanzhang.apps.activities.api import accept

    received = datetime.now(UTC) - timedelta(minutes=7)
    accept(
        frame([act("r1", "05-03 08:00")]),
        partner="bikes",
        programme="river",
        received_us=int(received.timestamp()) * 1_000_000,
    )
    desk = sit_down("somebody", "reader")
    start = desk.reads("").text
    assert (
        "Pieces waiting 1" in start and "Acts in them: 1. The oldest has waited 7 minutes." in start
    )
    assert "No worker seems to keep up." in start
    assert "7 minutes" in desk.reads("workers/").text
    assert "It waits for a worker." in desk.reads("pieces/1/").text
    assert "waiting" in desk.reads("pieces/?waiting").text


@pytest.mark.usefixtures("acts")
def test_what_is_not_there_is_said_to_be_missing() -> None:
    desk = sit_down("somebody", "reader")
    for path in ("accounts/nobody/", "partners/nobody/", "packs/none/", "programmes/none/"):
        assert (desk.reads(path).status, path) == (404, path)
    for path in ("pieces/999999/", "ledger/999999/", "proposals/999999/"):
        assert (desk.reads(path).status, path) == (404, path)


def test_every_page_opens_on_an_empty_installation_or_says_what_is_missing() -> None:
    desk = sit_down("somebody", "reader")
    assert desk.reads("").status == 200
    for path in ("packs/", "programmes/", "accounts/"):
        page = desk.reads(path)
        assert (page.status, "catalogue.nothing_loaded" in page.text) in {(200, False), (404, True)}


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("path", ["accounts/", "pieces/", "ledger/", "partners/", ""])
def test_no_list_counts_rows_or_asks_again_for_each(path: str) -> None:
    from django.test.utils import CaptureQueriesContext

    desk = sit_down("somebody", "reader")
    desk.reads(path)
    with CaptureQueriesContext(connection) as asked:
        desk.reads(path)
    queries = [query["sql"].lower() for query in asked.captured_queries]
    assert len(queries) < 20
    large = ("activity", "event_identity", "account", "piece", "log_entry", "cut", "balance")
    counted = [q for q in queries if q.startswith("select count(")]
    assert not any(f'from "{table}"' in query for query in counted for table in large)


def test_what_operators_did_can_be_added_to_and_never_changed(database: Database) -> None:
    import psycopg

    with database.connect("app") as app:
        for statement in ("update console_action set note = ''", "delete from console_action"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(statement)
