"""The doctor says which number of people has passed a threshold, why that matters, what to do."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.people import api as people
from tanzhang.apps.people.consenting import thresholds
from tanzhang.config import doctor
from tanzhang.config.doctor import volumes
from tanzhang.config.doctor.finding import words

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def lower(monkeypatch: pytest.MonkeyPatch, **from_people: int) -> None:
    """Let thresholds be passed by fewer people than the law's."""
    said = tuple(
        thresholds.Threshold(
            each.threshold.code,
            each.threshold.count,
            from_people.get(each.threshold.code, each.threshold.from_people),
            each.threshold.law,
            each.threshold.duty,
        )
        for each in people.measured_thresholds(people.volumes(_now()))
    )
    monkeypatch.setattr(thresholds, "_thresholds", lambda: said)


def _now() -> object:
    from django.utils import timezone

    return timezone.now()


def test_below_every_threshold_all_is_well(database: Database) -> None:
    database.turn("live")
    assert [finding.code for finding in volumes.thresholds()] == ["volumes.ok"]


def test_what_is_passed_is_told_with_number_law_and_duty_in_both_languages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn("live")
    lower(monkeypatch, responsible_person=6, audit_in_two_years=7)
    (found,) = [each for each in doctor.examine() if each.code.startswith("volumes.")]
    assert (found.code, found.weight) == ("volumes.persons", "warn")
    assert found.details["people"] == 6
    assert "6 people have an account; from 6 on the law asks for more" in found.sentence("en")
    assert "article 12" in found.sentence("en")
    assert "article 28" not in found.sentence("en")
    assert found.remedy("en").startswith("Name a person responsible")
    assert "This is a standing reminder: it stays" in found.remedy("en")
    assert "《个人信息保护合规审计管理办法》" in found.sentence("zh")
    assert found.remedy("zh").startswith("指定个人信息保护负责人")
    assert "本项为长期提醒" in found.remedy("zh")


def test_two_thresholds_of_one_number_are_told_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn("live")
    lower(monkeypatch, responsible_person=5, audit_in_two_years=6)
    (found,) = volumes.thresholds()
    assert found.details["from_people"] == 5
    assert "article 12" in found.sentence("en")
    assert "article 28" in found.sentence("en")
    assert "every two years" in found.remedy("en")


def test_nobody_owes_anything_for_people_who_are_made_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lower(monkeypatch, responsible_person=1)
    assert list(volumes.thresholds()) == []


def test_every_number_that_has_a_threshold_has_its_words_and_no_other() -> None:
    found = people.measured_thresholds(people.volumes(_now()))
    assert {*volumes._SAID} == {each.threshold.count for each in found}
    said = {code for code in words() if code.startswith("volumes.")}
    assert {*volumes._SAID.values(), "volumes.ok"} == said
