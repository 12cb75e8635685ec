"""One box finds everything that has a number or a code, and says what it is."""

from __future__ import annotations

import pytest
from django.utils import translation

from surfaces.console.desk import sit_down
from tanzhang.apps.activities.api import find_event, latest_pieces
from tanzhang.apps.people.api import account
from tanzhang.surfaces.console.searching import found_for

pytestmark = pytest.mark.database


def kinds(asked: str) -> set[tuple[str, str]]:
    with translation.override("en"):
        return {(hit.kind, hit.name) for hit in found_for(asked, "en") if hit.exact}


@pytest.mark.usefixtures("acts")
def test_each_kind_of_number_and_code_is_found_by_itself() -> None:
    key = find_event("bikes:r1")
    assert key is not None
    assert kinds("river-ada") == {("Account", "river-ada")}
    assert kinds(key.hex) == {("Act", key.hex)}
    assert kinds(str(key).upper()) == {("Act", key.hex)}
    assert kinds("bikes:r1") == {("Act", key.hex)}
    assert kinds("meituan-bike") == {("Pack", "meituan-bike")}
    assert kinds("meituan-bike@1") == {("Pack version", "meituan-bike@1")}
    assert kinds("river") == {("Programme", "river")}
    assert kinds("walk") == {("Scene", "walk")}
    assert kinds("bikes") == {("Partner", "bikes")}
    assert kinds("monthly") == {("Limit", "monthly")}


@pytest.mark.usefixtures("acts")
def test_a_bare_number_may_be_an_account_a_piece_and_a_place_in_the_log() -> None:
    entry = account("river-ada")
    (piece, *_rest) = latest_pieces(1)
    assert entry is not None
    assert ("Account", "river-ada") in kinds(str(entry.id))
    assert ("Piece", str(piece.id)) in kinds(str(piece.id))
    assert ("Position in the log", str(piece.position)) in kinds(str(piece.position))


@pytest.mark.usefixtures("acts")
def test_titles_are_found_in_both_languages_and_lead_somewhere() -> None:
    desk = sit_down("somebody", "reader")
    for asked in ("骑行", "RIDING", "electric", "河边"):
        hits = found_for(asked, "en")
        assert hits
        assert {desk.client.get(hit.url).status_code for hit in hits} == {200}


@pytest.mark.usefixtures("acts")
def test_a_single_exact_answer_is_opened_at_once() -> None:
    desk = sit_down("somebody", "reader")
    assert desk.reads("find/", q="river-ada").location == "/console/accounts/river-ada/"
    assert desk.reads("find/", q="meituan-bike@1").location == (
        "/console/packs/meituan-bike/?version=1"
    )


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("asked", ["nobody:r1", "f" * 32, "99999999", "1" * 40, "' or 1=1 --"])
def test_what_nothing_is_called_is_said_to_be_nothing(asked: str) -> None:
    page = sit_down("somebody", "reader").reads("find/", q=asked)
    assert page.status == 200
    assert "Nothing is called" in page.text


def test_an_empty_installation_is_searched_too() -> None:
    assert found_for("anything", "en") == []
