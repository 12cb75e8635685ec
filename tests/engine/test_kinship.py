"""What links make of their subjects: persons, and the days over which each is part of one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from tanzhang.engine.kinship import Link, Sets, Window, windows
from tanzhang.engine.rules import FOR_EVER


def told(*links: Link) -> list[tuple[int, int, int, int]]:
    """Subject, first day, last day and the person's number, counted from 1 as they appear."""
    found = windows(links)
    numbers = {person: n for n, person in enumerate(dict.fromkeys(w.party for w in found), 1)}
    return [(w.subject, w.from_day, w.to_day, numbers[w.party]) for w in found]


def test_a_link_makes_one_person_of_two_subjects_for_its_days() -> None:
    assert told(Link(1, 2, 10, 20)) == [(1, 10, 20, 1), (2, 10, 20, 1)]


def test_links_of_one_subject_at_one_time_make_one_person() -> None:
    """Each subject is part of her from its own first link on."""
    assert told(Link(1, 2, 10), Link(2, 3, 20)) == [
        (1, 10, FOR_EVER, 1),
        (2, 10, FOR_EVER, 1),
        (3, 20, FOR_EVER, 1),
    ]


def test_linking_two_who_are_linked_already_makes_one_person_of_all_four() -> None:
    people = told(Link(1, 2, 10), Link(3, 4, 12), Link(2, 3, 20))
    assert {person for *_, person in people} == {1}
    assert [since for _, since, _, _ in people] == [10, 10, 12, 12]


def test_links_of_one_subject_one_after_the_other_are_two_people() -> None:
    assert told(Link(1, 2, 10, 20), Link(2, 3, 20)) == [
        (1, 10, 20, 1),
        (2, 10, 20, 1),
        (2, 20, FOR_EVER, 2),
        (3, 20, FOR_EVER, 2),
    ]


def test_a_link_without_an_order_of_its_two_is_the_same() -> None:
    assert told(Link(2, 1, 10, 20)) == told(Link(1, 2, 10, 20))


links = st.builds(
    lambda one, other, since, days: Link(one, other, since, since + days),
    st.integers(1, 5),
    st.integers(6, 9),
    st.integers(0, 9),
    st.integers(1, 9),
)


@given(st.lists(links, max_size=8), st.randoms(use_true_random=False))
def test_a_subject_is_part_of_one_person_at_a_time_in_whatever_order_links_come(
    given_links: list[Link], chance: object
) -> None:
    found = windows(given_links)
    for before, after in pairwise(found):
        assert before.subject < after.subject or before.to_day <= after.from_day
    assert all(window.party < 0 for window in found)
    shuffled = sorted(given_links, key=lambda link: chance.random())  # type: ignore[attr-defined]
    assert windows(shuffled) == found


@given(st.lists(links, max_size=8))
def test_every_link_lies_in_one_persons_windows_of_both_its_subjects(
    given_links: list[Link],
) -> None:
    found = windows(given_links)
    for link in given_links:
        people = {holding(found, subject, link) for subject in (link.one, link.other)}
        assert len(people) == 1


def holding(found: list[Window], subject: int, link: Link) -> int:
    (person,) = (
        window.party
        for window in found
        if window.subject == subject
        and window.from_day <= link.from_day
        and link.to_day <= window.to_day
    )
    return person


def test_a_set_is_known_by_its_least_number() -> None:
    sets = Sets()
    for one, other in ((5, 4), (9, 8), (4, 9), (7, 7)):
        sets.join(one, other)
    assert [sets.least(number) for number in (4, 5, 8, 9, 7, 1)] == [4, 4, 4, 4, 7, 1]
