"""Who sees which scene, page and way in, from the moment that it is decided."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connections
from joining_world import JOINING, opened, programme
from people_world import bank

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.joining import stages
from tanzhang.apps.people.joining.cohorts import ask_to_enter
from tanzhang.apps.people.joining.features import (
    NOTHING_HIDDEN,
    Hidden,
    admitted,
    closed_scenes,
    hidden_from,
)
from tanzhang.apps.people.joining.lists import load_list
from tanzhang.engine.packs.joining.section import Joining

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

BIKE = Hidden(scenes=frozenset({"bike"}))


def show(feature: str, *audience: str) -> None:
    change = stages.show_feature(programme(), JOINING, feature, audience, by="Ling", note="x")
    if not change.decision:
        stages.approve_change(change.id, by="Mei")


def test_a_member_of_the_cohort_sees_what_others_do_not() -> None:
    ada, bo = opened("ada"), opened("bo")
    load_list(programme(), JOINING.lists["guests"], ["ada"])
    stages.move_cohort(programme(), JOINING, "beta", "open", by="Ling", note="x")
    assert hidden_from(programme(), JOINING, ada) == BIKE
    ask_to_enter(ada, JOINING, "beta", bank())
    assert hidden_from(programme(), JOINING, ada) == NOTHING_HIDDEN
    assert hidden_from(programme(), JOINING, bo) == BIKE
    assert hidden_from(programme(), JOINING, None) == BIKE
    with bulk_transaction() as cursor:
        assert closed_scenes(cursor, programme(), JOINING) == {"bike": ("beta",)}
        among = admitted(cursor, programme(), ("beta",), np.array([bo.id, ada.id], np.int64))
    assert among.tolist() == [ada.id]


def test_a_page_may_be_closed_again_and_opened_for_another_cohort() -> None:
    ada = opened("ada")
    show("bike-first", "everyone")
    assert hidden_from(programme(), JOINING, ada) == NOTHING_HIDDEN
    show("carry", "call")
    assert hidden_from(programme(), JOINING, ada) == Hidden(pages=frozenset({"carrying"}))


def test_when_the_cohort_is_over_everybody_is_in_it() -> None:
    change = stages.move_cohort(programme(), JOINING, "beta", "everyone", by="Ling", note="x")
    assert hidden_from(programme(), JOINING, None) == BIKE
    stages.approve_change(change.id, by="Mei")
    assert hidden_from(programme(), JOINING, None) == NOTHING_HIDDEN
    with bulk_transaction() as cursor:
        assert closed_scenes(cursor, programme(), JOINING) == {}


def test_another_process_sees_a_decision_at_its_next_question() -> None:
    def ask() -> Hidden:
        try:
            return hidden_from(programme(), JOINING, None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(ask).result() == BIKE
        show("bike-first", "everyone")
        assert elsewhere.submit(ask).result() == NOTHING_HIDDEN


def test_a_programme_without_features_hides_nothing() -> None:
    assert hidden_from(programme(), Joining(), None) == NOTHING_HIDDEN
