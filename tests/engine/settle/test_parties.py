"""Whose act it is besides its subject's, and whom meetings connect."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.kinship import Link
from tanzhang.engine.settle.parties import kin_of, linked

from .cases import NEW_YORK, City, book, instant_us, one_person, read_facts, read_table, version
from .plain import as_acts

RULES = book({"ride": version()}, {"city": City(), "bank": City(time_zone=NEW_YORK)})

TABLE = """
    event | citizen | programme | start                  | n
    a     | Li      | city      | 2025-03-01T08:00+08:00 | 1
    b     | Li      | city      | 2025-03-02T08:00+08:00 | 1
    c     | Lee     | city      | 2025-03-02T08:00+08:00 | 1
    d     | Lee     | bank      | 2025-03-02T08:00+08:00 | 1
    e     | Wang    | city      | 2025-03-02T08:00+08:00 | 1
    """


def acts(*links: Link) -> Acts:
    return linked(as_acts(read_facts(read_table(TABLE), RULES)), RULES, links)


def test_an_act_is_her_own_and_from_the_links_local_day_on_her_persons_too() -> None:
    told = acts(one_person("Li", "Lee", "03-02"))
    assert told.party is not None
    assert (told.party == told.subject).tolist() == [True, False, False, True, True]
    assert told.party[1] == told.party[2] < 0


def test_without_a_link_that_concerns_an_act_nothing_is_added() -> None:
    """Unlinked people take the way that they always took."""
    assert acts().party is None
    assert acts(one_person("Zhao", "Qian", "03-02")).party is None
    assert acts(one_person("Li", "Lee", "04-01")).party is None
    told = acts()
    assert kin_of(told) is told.subject


def test_persons_are_whom_meetings_connect_named_by_their_least_subject() -> None:
    """Li's act of the day before is settled with the others, though it meets only its own."""
    told = acts(one_person("Li", "Lee", "03-02"))
    li, lee, wang = told.subject[0], told.subject[2], told.subject[4]
    assert kin_of(told).tolist() == [min(li, lee)] * 4 + [wang]


def test_who_is_part_of_two_people_one_after_the_other_is_settled_with_both() -> None:
    told = acts(one_person("Li", "Lee", "03-01", "03-02"), one_person("Lee", "Wang", "03-02"))
    assert told.party is not None
    assert told.party[0] == told.party[3] != told.party[2] == told.party[4]
    assert len(set(kin_of(told).tolist())) == 1


def test_what_nobody_links_any_more_is_its_subjects_own() -> None:
    told = acts(one_person("Li", "Lee", "03-02"))
    unlinked = told.take(np.array([0, 3, 4]))
    assert unlinked.party is not None
    assert kin_of(unlinked) is unlinked.subject
    assert instant_us("2025-03-01T08:00+08:00", NEW_YORK) == told.started_us[0]
