"""Everything is kept for its term, and no shorter."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from clean_database import Database
from river.batches import BATCHES, take
from river.books import ask
from tanzhang.apps.people import api as people, retention
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def rows(name: str, *, dry_run: bool = False) -> int | None:
    (found,) = [one for one in people.retain(dry_run=dry_run) if one.term.name == name]
    return found.rows


def test_every_term_says_why_in_both_languages_and_is_no_shorter_than_it_may() -> None:
    for term in people.terms().values():
        assert term.days >= term.least_days
        assert {*term.title} == {*term.reason} == {"zh", "en"}
        assert all([*term.title.values(), *term.reason.values()])
    assert people.terms()["partner_calls"].days >= 183
    assert people.terms()["transactions"].least_days >= 5 * 365


def test_whatever_does_not_stay_has_somebody_who_removes_it() -> None:
    for one in people.retain(dry_run=True):
        assert (one.rows is None) == one.term.stays, one.term.name


def test_a_term_that_is_too_short_is_refused() -> None:
    given: dict[str, Any] = copy.deepcopy(retention._file())
    given["partner_calls"]["days"] = 182
    with pytest.raises(Problem, match="term_too_short"):
        retention.read_terms(given)


def test_nothing_goes_before_its_time() -> None:
    with pytest.raises(Problem, match="term_not_over"):
        people.retain(timezone.now() + timedelta(days=1))


@pytest.mark.usefixtures("river")
def test_bodies_go_after_their_term_and_a_dry_run_only_counts(database: Database) -> None:
    for batch in BATCHES:
        take(list(batch))
    assert rows("raw_bodies", dry_run=True) == 3, "they came long ago"
    assert ask("select count(*) from batch_body") == [(3,)]
    with database.connect("owner") as owner:
        owner.execute(
            "update batch_body set received_at = now() - interval '89 days' where"
            " batch_id = (select min(batch_id::text)::uuid from batch_body)"
        )
    assert rows("raw_bodies") == 2
    assert rows("raw_bodies") == 0


@pytest.mark.parametrize(
    "call",
    [
        "select forget_batch_bodies(now() - interval '89 days')",
        "select forget_calls(now() - interval '182 days')",
    ],
)
def test_the_database_itself_refuses_what_is_too_early(call: str, database: Database) -> None:
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(call.encode())
