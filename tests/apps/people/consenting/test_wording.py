"""What somebody agreed to never changes under the same version."""

from __future__ import annotations

from typing import Any

import pytest

from clean_database import Database
from tanzhang.apps.people.api import current_wording, purposes, record_texts, wording_of, wordings
from tanzhang.apps.people.consenting import wording
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

FIRST_DIGEST = "8c658a8d4d2384e5e05a2a48e75aa1a2aed7770cf01d70c690c66c574b485734"


def stored(database: Database) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        rows = connection.execute(
            "select id, code, version, encode(digest, 'hex'), zh, en from consent_text order by id"
        )
        return rows.fetchall()


def test_a_wording_is_recorded_once_with_its_digest(database: Database) -> None:
    first, again = current_wording(), current_wording()
    assert first == again
    rows = stored(database)
    assert [row[2] for row in rows] == [each.version for each in wordings("open-account")]
    assert rows[-1][:4] == (first.id, "open-account", first.version, first.digest)
    for paragraph in first.zh:
        assert paragraph.text in rows[-1][4]


def test_the_first_text_is_still_the_one_that_people_agreed_to(database: Database) -> None:
    # A digest as it was recorded when the text was issued: nobody may touch these words.
    assert wordings("open-account")[0].digest == FIRST_DIGEST
    assert len(stored(database)) == 2


def test_every_text_of_every_purpose_can_be_recorded_and_found_by_its_digest(
    database: Database,
) -> None:
    record_texts()
    record_texts()
    codes = {row[1] for row in stored(database)}
    assert codes == {purpose.text for purpose in purposes().values()}
    for code in codes:
        shown = current_wording(code)
        found = wording_of(shown.digest)
        assert found is not None
        assert found.as_json() == shown.as_json()
        assert len(shown.paragraphs("zh")) == len(shown.paragraphs("en")) >= 4


@pytest.mark.parametrize("digest", ["", "0" * 64, "x", "g" * 64])
def test_a_digest_of_no_text_finds_nothing(digest: str) -> None:
    current_wording()
    assert wording_of(digest) is None


def test_a_version_says_what_it_changes_in_both_languages() -> None:
    for code in {purpose.text for purpose in purposes().values()}:
        for later in wordings(code)[1:]:
            assert len(later.changes["zh"]) == len(later.changes["en"]) > 0


def test_other_words_under_the_same_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    version = current_wording().version
    changed = {"version": version, "zh": [["标题", "别的"]], "en": [["Title", "Other"]]}
    monkeypatch.setattr(wording, "_file", lambda code: [changed])
    with pytest.raises(Problem) as refused:
        current_wording()
    assert refused.value.code == "people.wording_changed"


def test_the_app_cannot_change_a_wording(database: Database) -> None:
    import psycopg

    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("update consent_text set zh = ''")
