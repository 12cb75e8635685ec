"""What somebody agreed to never changes under the same version."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.people import wording
from tanzhang.apps.people.api import current_wording
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def test_a_wording_is_recorded_once_with_its_digest(database: Database) -> None:
    first, again = current_wording(), current_wording()
    assert first == again
    with database.connect() as connection:
        rows = connection.execute("select id, version, digest, zh, en from consent_text").fetchall()
    assert [(row[0], row[1], bytes(row[2]).hex()) for row in rows] == [
        (first.id, first.version, first.digest)
    ]
    for paragraph in first.zh:
        assert paragraph.text in rows[0][3]


def test_both_languages_say_the_same_number_of_things() -> None:
    found = current_wording()
    assert len(found.paragraphs("zh")) == len(found.paragraphs("en")) >= 4


def test_other_words_under_the_same_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    version = current_wording().version
    changed = {"version": version, "zh": [["标题", "别的"]], "en": [["Title", "Other"]]}
    monkeypatch.setattr(wording, "_file", lambda: {wording.OPEN_ACCOUNT: changed})
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
