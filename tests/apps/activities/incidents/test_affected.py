"""Who is affected since when: by a key, a partner, a pack, a member of staff; nobody besides."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from river.batches import ride
from river.books import ask
from river.programmes import PARTNERS
from river.reports import RECEIVED_US, frame
from river.streams import in_batches, order_holds, stream
from river.thief import AFTER, BEFORE, STOLEN, Keys, changed, deliver, two_keys
from tanzhang.apps.activities.api import accept, drain
from tanzhang.apps.activities.incidents import affected as module
from tanzhang.apps.activities.incidents.affected import (
    Affected,
    AffectedLine,
    IncidentQuery,
    affected,
    instant_given,
)
from tanzhang.apps.activities.incidents.models import Suspect
from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import account, note_access
from tanzhang.problems import Problem
from tanzhang.stored_time import date_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def whom(
    suspect: Suspect, name: str, since: datetime = STOLEN, until: datetime = LATEST
) -> Affected:
    with bulk_transaction() as cursor:
        return affected(cursor, IncidentQuery(suspect, name, since, until), rulebook_in_force())


def subject(name: str) -> int:
    found = account(f"river-{name}")
    assert found is not None
    return found.subject_id


@pytest.fixture
def keys(river: None) -> Keys:
    """Ada's ride before the theft; rides of ada and cy by the thief; one of bo's by a good key."""
    found = two_keys()
    deliver(found.stolen, BEFORE, ride("a1", 1, "ada"))
    deliver(found.stolen, AFTER, ride("t11", 11, "ada"), ride("t12", 12, "cy"))
    deliver(found.good, AFTER, ride("b1", 13, "bo"))
    drain()
    return found


def test_a_keys_reports_since_an_instant_name_people_days_and_amounts(keys: Keys) -> None:
    found = whom(Suspect.KEY, keys.stolen)
    assert found.people == sorted([subject("ada"), subject("cy")])
    assert [(line.day.day, line.scene, line.acts, line.people) for line in found.lines] == [
        (11, "bike", 1, 1),
        (12, "bike", 1, 1),
    ]
    assert found.acts == 2
    assert found.reduction_mg > 0
    assert found.points > 0


def test_what_came_before_or_after_is_not_counted(keys: Keys) -> None:
    assert whom(Suspect.KEY, keys.stolen, until=AFTER).people == []
    assert whom(Suspect.KEY, keys.stolen, since=BEFORE, until=AFTER).acts == 1


def test_another_key_affects_others(keys: Keys) -> None:
    assert whom(Suspect.KEY, keys.good).people == [subject("bo")]


def test_a_batch_from_which_nothing_was_new_affects_nobody(keys: Keys) -> None:
    before = whom(Suspect.KEY, keys.stolen)
    deliver(keys.stolen, AFTER + timedelta(hours=1), ride("t11", 11, "ada"))
    drain()
    found = whom(Suspect.KEY, keys.stolen)
    assert (found.people, found.acts) == (before.people, before.acts)


def test_a_correction_is_counted_for_what_it_changed(keys: Keys) -> None:
    deliver(keys.stolen, AFTER + timedelta(hours=1), changed(ride("a1", 1, "ada"), distance_m=1))
    drain()
    found = whom(Suspect.KEY, keys.stolen, since=AFTER + timedelta(minutes=1))
    assert found.acts == 1
    assert found.reduction_mg < 0


def test_a_partner_and_a_pack_affect_whom_they_touched(keys: Keys) -> None:
    everybody = sorted(subject(name) for name in ("ada", "bo", "cy"))
    assert whom(Suspect.PARTNER, "bikes").people == everybody
    assert whom(Suspect.PARTNER, "bank").people == []
    assert whom(Suspect.PACK, "meituan-bike").people == everybody


def hour(number: int) -> datetime:
    return datetime.fromtimestamp(RECEIVED_US / 1e6, UTC) + timedelta(hours=number)


def plainly(suspect: Suspect, name: str, since: datetime, until: datetime) -> Affected:
    """The definition, row by row in plain Python."""
    rules = rulebook_in_force()
    pieces = {
        number
        for number, partner_id, at, kind in ask(
            "select id, partner_id, received_at, kind from piece"
        )
        if since <= at < until and kind == PieceKind.REPORT
        if suspect is Suspect.PACK or partner_id == partner(name).id
    }
    cells: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for piece, pack, day, scene, *rest in ask(
        "select piece_id, pack_id, day, scene_id, subject_id, cause, credited_mg, points"
        " from activity"
    ):
        if piece in pieces and (suspect is Suspect.PARTNER or pack == rules.pack_ids[name]):
            cells[day, scene].append(tuple(rest))
    codes = {number: code for (_, code), number in rules.scene_ids.items()}
    others = {Cause.NEIGHBOUR_CHANGED, Cause.HELD_OR_RELEASED, Cause.RULES_CHANGED, Cause.LINKED}
    lines = [
        AffectedLine(
            date_of(day),
            codes[scene],
            sum(cause not in others for _, cause, _, _ in rows),
            len({person for person, *_ in rows}),
            sum(mg for _, _, mg, _ in rows),
            sum(points for *_, points in rows),
        )
        for (day, scene), rows in sorted(cells.items())
    ]
    return Affected(lines, sorted({person for rows in cells.values() for person, *_ in rows}))


@pytest.mark.parametrize(("seed", "at_once"), [(3, 1_000_000), (4, 0)])
def test_on_any_book_the_answer_is_that_of_the_plain_definition(
    seed: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", at_once)  # few acts come in one part, many in parts
    monkeypatch.setattr(module, "_BLOCKS", 1)
    happened, chance = stream(seed), random.Random(seed)
    hours = 0
    for batch in in_batches(happened.rows, (5, 10, 20), chance):
        hours += 1
        for code in {row["partner"]: None for row in batch}:
            accept(
                frame([row for row in batch if row["partner"] == code]),
                partner=code,
                programme=PARTNERS[code][0],
                received_us=RECEIVED_US + hours * 3_600_000_000,
            )
        if chance.random() < 0.7:  # otherwise what waits is settled together
            drain()
    order_holds(happened)
    drain()
    suspects = [*product([Suspect.PARTNER], PARTNERS)]
    suspects += product([Suspect.PACK], rulebook_in_force().pack_ids)
    asked = []
    for suspect, name in suspects:
        since, until = sorted(chance.sample(range(hours + 2), 2))
        for first, end in ((0, hours + 1), (since, until)):
            told = whom(suspect, name, hour(first), hour(end))
            assert told == plainly(suspect, name, hour(first), hour(end))
            asked.append(told.acts)
    assert sum(map(bool, asked)) > 8  # the answers are about something


def test_a_member_of_staff_affects_whom_she_read() -> None:
    with bulk_transaction() as cursor:
        for name, reader in (("ada", "operator:wang"), ("bo", "operator:wangli")):
            note_access(
                cursor,
                subject(name),
                reader_kind="staff",
                reader=reader,
                purpose="reveal",
                fields=["phone"],
                at=AFTER,
            )
    found = whom(Suspect.STAFF, "wang")
    assert found.people == [subject("ada")]
    assert [(line.scene, line.acts, line.reduction_mg) for line in found.lines] == [
        ("reveal", 1, 0)
    ]


def test_what_is_not_in_the_books_names_nobody() -> None:
    assert whom(Suspect.OTHER, "").people == []


@pytest.mark.parametrize(
    ("suspect", "code"),
    [(Suspect.KEY, "key"), (Suspect.PACK, "pack"), (Suspect.PARTNER, "partner")],
)
def test_an_unknown_name_is_refused(suspect: Suspect, code: str, keys: Keys) -> None:
    with pytest.raises(Problem, match=f"{code}_unknown"):
        whom(suspect, "nobody")


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T08:00+08:00", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T00:00Z", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_a_date_or_has_an_offset(given: str, instant: datetime) -> None:
    assert instant_given(given) == instant


def test_what_is_no_instant_is_refused() -> None:
    with pytest.raises(Problem, match=r"incidents\.instant_malformed"):
        instant_given("yesterday")
