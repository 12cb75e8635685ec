"""A total over several accounts as a page shows it: named, and no more than its reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tanzhang.apps.activities.api import (
    Shown,
    Sum,
    own_accounts,
    roll_up,
    shown_to_all,
    shown_to_managers,
)
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import (
    AccountEntry,
    AccountKind,
    Role,
    State,
    account_state,
    handles_by_account,
    shown_shares,
)
from tanzhang.stored_time import day_number
from tanzhang.surfaces.look import moments


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown."""

    title: str
    reduction_mg: int
    acts: int


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """A total over this year and this month, with the breakdowns of the year.

    ``members`` is None where nobody's own part may be seen. ``is_rough``: some lines are told
    together, because too few people stand behind each.
    """

    year_mg: int
    month_mg: int
    points: list[tuple[int, str]]
    scenes: list[Line]
    sources: list[Line]
    members: list[Line] | None
    is_rough: bool


def group_total(group: AccountEntry, viewer: AccountEntry, role: Role, today: date) -> GroupTotal:
    """What a member of a group sees of it: all in a household; else what its managers may see."""
    year, month = day_number(today.replace(month=1, day=1)), day_number(today.replace(day=1))
    until = day_number(today) + 1
    with bulk_transaction() as cursor:
        found = roll_up(cursor, [group.id], year, until)
        recent = roll_up(cursor, [group.id], month, until)
    if group.kind is AccountKind.HOUSEHOLD:
        shown = shown_to_all(found)
    else:
        willing = shown_shares(group.id, year, until) if role is Role.MANAGER else set()
        shown = shown_to_managers(found, willing | {group.id, viewer.id})
    return _named(shown, recent.total, rulebook_in_force(), viewer)


def account_total(account: AccountEntry, today: date) -> GroupTotal:
    """A person's account with all that count in it, as she sees it herself."""
    return _own_total([account], today)


def person_total(account: AccountEntry, today: date) -> GroupTotal | None:
    """All accounts of a person in all programmes, each act once; None if she has but this one."""
    others = [own.account for own in own_accounts(account)]
    return _own_total([account, *others], today) if others else None


def _own_total(accounts: Sequence[AccountEntry], today: date) -> GroupTotal:
    until, numbers = day_number(today) + 1, [account.id for account in accounts]
    with bulk_transaction() as cursor:
        found = roll_up(cursor, numbers, day_number(today.replace(month=1, day=1)), until)
        recent = roll_up(cursor, numbers, day_number(today.replace(day=1)), until)
    return _named(shown_to_all(found), recent.total, rulebook_in_force(), accounts[0])


def _named(shown: Shown, recent: Sum, rules: RulesInForce, viewer: AccountEntry) -> GroupTotal:
    spoken = moments.language()
    programme = rules.programme_code(viewer.programme_id)
    scenes = {
        number: rules.scene_title(code, scene)[spoken]
        for (code, scene), number in rules.scene_ids.items()
        if code in rules.rulebook.programmes
    }
    sources = {line.id: line.title(spoken) for line in partner_lines()}
    return GroupTotal(
        year_mg=shown.total.reduction_mg,
        month_mg=recent.reduction_mg,
        points=[
            (count, rules.points_title(programme, unit)[spoken])
            for unit, count in sorted(shown.total.points.items())
        ],
        scenes=_lines(shown.scenes, scenes),
        sources=_lines(shown.sources, sources),
        members=None if shown.members is None else _members(shown.members),
        is_rough=shown.other_scenes is not None or shown.other_sources is not None,
    )


def _lines(cells: Mapping[int, Sum], titles: Mapping[int, str]) -> list[Line]:
    found = [Line(titles[name], cell.reduction_mg, cell.acts) for name, cell in cells.items()]
    return sorted((line for line in found if line.acts), key=lambda line: -line.reduction_mg)


def _members(cells: Mapping[int, Sum]) -> list[Line]:
    """What each brings; of an account that is restricted nothing is told by itself."""
    with bulk_transaction() as cursor:
        standings = account_state(cursor, [*cells])
        handles = handles_by_account(cursor, cells.keys())
    told = {
        number: cell
        for number, cell in cells.items()
        if standings[number].state is not State.RESTRICTED
    }
    return _lines(told, handles)
