"""Whatever people wrote of a person, at the desk and on her pages, is gone when she is erased."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from guarded_lake import guarded_library, hand_in, walk
from surfaces.console.desk import Desk, sit_down
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import drain, find_event
from tanzhang.apps.activities.authenticity import auditing
from tanzhang.apps.activities.models import Watch
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.apps.columns import Protection, classified
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.config import opening
from tanzhang.engine.packs.tree import day_of
from tanzhang.workbench.scanning import scan

pytestmark = pytest.mark.database

#: Nobody is called so.
NAME = "林晓雨样本"
NOTE = {"note": f"{NAME}打过电话"}
DIGEST = "ab" * 32

#: Every column in which people write freely about one person, in plain words.
WRITTEN = {
    f"table {table}.{name}"
    for (table, name), column in classified().items()
    if column.protection is Protection.WORDS
}


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> people.Journal:
    """The installation's own, which the site compares with the database at each request."""
    monkeypatch.setenv("TANZHANG_ERASURES", str(tmp_path / "erasures"))
    return opening.journal()


@pytest.fixture(autouse=True)
def _held(database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two acts of hers, one of which waits for a person and one of which is in the sample."""
    monkeypatch.setattr(auditing, "ONE_IN", 1)
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(walk("w1", in_steps=61_000), walk("w4", 4), walk("b1", person="bo", device="p2"))
    drain()
    activities.pick_audit(day_of("2024-05-04"))


def key(external_id: str) -> uuid.UUID:
    found = find_event(f"bikes:{external_id}")
    assert found is not None
    return found


def owner(external_id: str) -> people.AccountEntry:
    place = activities.whereabouts(key(external_id))
    assert place is not None
    (found,) = people.accounts_of_subject(place[1])
    return found


def does(desk: Desk, path: str, **fields: str) -> None:
    answer = desk.sends(path, fields)
    assert answer.status in (200, 302), (path, answer.status, answer.text)


def she_writes(she: people.AccountEntry) -> None:
    """Her name, an appeal, a request, and what she calls her household and team."""
    with bulk_transaction() as cursor:
        people.vault.store(cursor, she.subject_id, {"name": NAME})
        people.make_request(cursor, she, people.RequestKind.OTHER, f"我是{NAME}")
    activities.appeal(she, None, activities.AppealAbout.ACCOUNT, f"{NAME}没有作弊")
    for kind, called in (("household", "栗子窝一号"), ("team", f"{NAME}的朋友们")):
        new = people.NewGroup(people.kind_of(kind), "lake", she.programme_id, 2, 20_000)
        group = people.make_group(she, new)
        with bulk_transaction() as cursor:
            people.vault.store(cursor, group.subject_id, {"group_name": called})
            if kind == "team":
                joining = people.Joining(group, owner("b1"), 20_000)
                people.add_member(cursor, joining)


def staff_write_of_acts(ling: Desk) -> None:
    does(ling, f"acts/{key('w4').hex}/hold/", **NOTE)
    does(ling, "doubts/decide/", event=key("w1").hex, verdict="release", **NOTE)
    does(ling, f"doubts/audit/{key('w4').hex}/", finding="sound", **NOTE)


def staff_write_of_her(ling: Desk, mei: Desk, she: people.AccountEntry) -> None:
    Watch.objects.create(account_id=she.id, value=0, from_day=0, rule="a rule")
    for order in ("sanction", "unwatch"):
        does(ling, f"doubts/{key('w1').hex}/{order}/", **NOTE)
    seen = {"purpose": "support", "reason": NOTE["note"], "field": "name"}
    does(ling, f"accounts/{she.handle}/show/", **seen)
    with bulk_transaction() as cursor:
        (asked,) = people.open_requests(cursor)
        (appeal,) = activities.open_appeals(cursor)
        people.take_step(cursor, asked.id, people.RequestState.DONE, by="ling", words=NOTE["note"])
    does(mei, f"appeals/{appeal.id}/decide/", remedy="none", words=NOTE["note"])
    case = people.ask_recovery(people.Recovery(she, "13800000009"))
    does(ling, f"cases/{case.id}/check/", documents=DIGEST, **NOTE)
    does(ling, f"cases/{case.id}/propose/", **NOTE)
    does(mei, f"cases/{case.id}/decide/", decision="approve", **NOTE)
    does(ling, f"cases/{case.id}/refuse/", **NOTE)
    does(ling, f"accounts/{she.handle}/death/", documents=DIGEST, **NOTE)
    number = activities.link_people(she, owner("b1"), from_day=20_000, factor=NOTE["note"])
    assert number
    activities.unlink_people(she, owner("b1"), to_day=None, why=NOTE["note"])
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [she.id], people.State.RESTRICTED, NOTE["note"])
        people.lift_restriction(cursor, she.id, NOTE["note"])


def test_nothing_that_anybody_wrote_of_her_is_left(journal: people.Journal) -> None:
    she, bo = owner("w1"), owner("b1")
    ling, mei = sit_down("ling", "operator"), sit_down("mei", "operator", "approver")
    she_writes(she)
    staff_write_of_acts(ling)
    staff_write_of_her(ling, mei, she)
    with bulk_transaction() as cursor:
        people.vault.store(cursor, bo.subject_id, {"name": "别人"})
    found = {one.place for one in scan(NAME, [])}
    assert found == WRITTEN | {"table personal_field.sealed (opened)"}

    people.erase(she.subject_id, journal)
    assert scan(NAME, []) == []
    assert scan("栗子窝一号", []) == [], "nobody else was in her household"
    assert scan("别人", []) != [], "of others everything stays"
    page = ling.reads(f"cases/{people.cases_of(she.id)[0].id}/")
    assert "ling" in page.text, "who did what stays"


def test_of_what_staff_write_after_it_nothing_is_kept(journal: people.Journal) -> None:
    she, ling = owner("w1"), sit_down("ling", "operator")
    does(ling, f"accounts/{she.handle}/death/", documents=DIGEST, **NOTE)
    (case,) = people.cases_of(she.id)
    people.erase(she.subject_id, journal)
    staff_write_of_acts(ling)
    does(ling, f"cases/{case.id}/refuse/", **NOTE)
    with bulk_transaction() as cursor:
        people.note_access(
            cursor,
            she.subject_id,
            reader_kind="staff",
            reader="operator:ling",
            purpose="support",
            fields=["name"],
            reason=NOTE["note"],
        )
        assert people.follow_accesses(cursor).holds
    assert scan(NAME, []) == []
