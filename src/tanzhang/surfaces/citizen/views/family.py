"""``/me/family/``: households and teams, and one's own accounts under one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.activities.api import own_accounts
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, MembershipEntry, Role
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number
from tanzhang.surfaces.citizen.forms import GroupNameForm, InvitationForm
from tanzhang.surfaces.citizen.group_totals import GroupTotal, account_total, group_total
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.identity import programme_of
from tanzhang.surfaces.citizen.visitor import for_citizens, today_of
from tanzhang.surfaces.look import moments

#: The code of an invitation that was just made; it is shown once.
_MADE = "made_invitation"


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group that she belongs to, as its card shows it."""

    membership: MembershipEntry
    name: str
    kind: str
    total: GroupTotal
    members: list[MembershipEntry]

    @property
    def group(self) -> AccountEntry:
        """The group's account."""
        return self.membership.account

    @property
    def is_manager(self) -> bool:
        """Whether she looks after it."""
        return self.membership.role is Role.MANAGER

    @property
    def is_household(self) -> bool:
        """Whether everybody in it sees everything of it."""
        return self.group.kind is people.AccountKind.HOUSEHOLD


@require_safe
@for_citizens
def family(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    return _page(request, account)


@require_POST
@for_citizens
def family_make(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Make a household or a team."""
    form, rules = GroupNameForm(request.POST), rulebook_in_force()
    code = rules.programme_code(account.programme_id)
    kinds = rules.programme_file(code).accounts
    try:
        wanted = request.POST.get("kind", "")
        if wanted not in kinds:
            raise Problem("subjects.kind_not_offered")
        if not form.is_valid():
            return _page(request, account, make=form)
        new = people.NewGroup(
            kind=people.kind_of(wanted),
            programme=code,
            programme_id=account.programme_id,
            points_unit=kinds[wanted].unit,
            today=_today(account, rules),
        )
        group = people.make_group(account, new)
    except Problem as problem:
        return _page(request, account, problem=problem)
    with bulk_transaction() as cursor:
        name = {"group_name": form.cleaned_data["name"]}
        people.vault.store(cursor, group.subject_id, name)
    messages.success(request, gettext("It is made. Invite others by a code."))
    return HttpResponseRedirect(reverse("citizen:family"))


@require_POST
@for_citizens
def family_join(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Join by a code: first see what one joins, then say so."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, account, join=form)
    code = form.cleaned_data["code"]
    try:
        group = people.invited_to(code)
        if request.POST.get("wish") != "join":
            return _invited(request, group, code)
        today = _today(account, rulebook_in_force())
        shows = request.POST.get("shows") == "yes"
        people.join_group(account, code, today=today, shows_share=shows)
    except Problem as problem:
        return _page(request, account, problem=problem)
    messages.success(request, gettext("You belong to it from today on."))
    return HttpResponseRedirect(reverse("citizen:family"))


@require_POST
@for_citizens
def family_change(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Invite, leave, hand over, end somebody's membership, show or hide one's own part."""
    today, wish = _today(account, rulebook_in_force()), request.POST.get("wish", "")
    group = _named(request.POST.get("group", ""))
    other = _named(request.POST.get("member", ""))
    try:
        if group is None:
            raise Problem("subjects.member_unknown")
        if wish == "invite":
            request.session[_MADE] = people.invite(group, account)
        elif wish == "withdraw":
            people.withdraw_invitations(group, account)
            messages.success(request, gettext("No code that was not used opens it any more."))
        elif wish == "leave":
            people.leave_group(group, account, today=today)
            messages.success(request, gettext("You left. What counted until now stays counted."))
        elif wish in ("show", "hide"):
            people.show_share(group, account, shows=wish == "show", today=today)
            messages.success(request, gettext("From today on it is so."))
        elif wish == "remove" and other is not None:
            people.remove_member(group, account, other, today=today)
            messages.success(request, gettext("The membership has ended."))
        elif wish == "hand_over" and other is not None:
            people.hand_over(group, account, other, today=today)
            messages.success(request, gettext("This member looks after it too now."))
    except Problem as problem:
        return _page(request, account, problem=problem)
    return HttpResponseRedirect(reverse("citizen:family"))


@require_POST
@for_citizens
def family_child(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Let another account of hers count in this one, or no more."""
    today, wanted = _today(account, rulebook_in_force()), request.POST.get("account", "")
    child = next((own for own in own_accounts(account) if str(own.account.id) == wanted), None)
    try:
        if child is None:
            raise Problem("subjects.child_of_another")
        if request.POST.get("wish") == "adopt":
            people.adopt(account, child.account, today=today)
        else:
            people.let_go(account, child.account, today=today)
    except Problem as problem:
        return _page(request, account, problem=problem)
    return HttpResponseRedirect(reverse("citizen:family"))


def _page(
    request: HttpRequest,
    account: AccountEntry,
    *,
    make: GroupNameForm | None = None,
    join: InvitationForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    rules, spoken = rulebook_in_force(), moments.language()
    kinds = rules.programme_file(rules.programme_code(account.programme_id)).accounts
    today = today_of(account, rules)
    memberships = [one for one in people.belongs_to(account.id) if one.is_open]
    children = {
        one.account.id
        for one in people.members_of(account.id)
        if one.is_open and one.role is Role.CHILD
    }
    context = {
        "account": account,
        "cards": [
            _card(one, account, today, rules) for one in memberships if one.role is not Role.CHILD
        ],
        "makes": [
            (kind.word, kinds[kind.word].title[spoken])
            for kind in sorted(people.MADE_BY_CITIZENS)
            if kind.word in kinds
        ],
        "own": [
            (own.account, programme_of(own.account, rules), own.account.id in children)
            for own in own_accounts(account)
        ],
        "together": account_total(account, today) if children else None,
        "make_form": make or GroupNameForm(),
        "join_form": join or InvitationForm(),
        "made": request.session.pop(_MADE, None),
        "problem": problem,
        "today": today,
        "tabs": tabs(),
    }
    return render(request, "citizen/family.html", context, status=409 if problem else 200)


def _card(
    membership: MembershipEntry, viewer: AccountEntry, today: date, rules: RulesInForce
) -> GroupCard:
    group, spoken = membership.account, moments.language()
    kinds = rules.programme_file(rules.programme_code(group.programme_id)).accounts
    kind = kinds.get(group.kind.word)
    return GroupCard(
        membership=membership,
        name=group_name(group),
        kind=kind.title[spoken] if kind else group.kind.word,
        total=group_total(group, viewer, membership.role, today),
        members=[one for one in people.members_of(group.id) if one.is_open],
    )


def _invited(request: HttpRequest, group: AccountEntry, code: str) -> HttpResponse:
    context = {
        "name": group_name(group),
        "is_household": group.kind is people.AccountKind.HOUSEHOLD,
        "code": code,
        "tabs": tabs(),
    }
    return render(request, "citizen/family_join.html", context)


def group_name(group: AccountEntry) -> str:
    """What its members call a group; its handle if it has no name."""
    with bulk_transaction() as cursor:
        found = people.vault.own(cursor, group.subject_id, ["group_name"])
    return found.get("group_name", group.handle)


def _named(number: str) -> AccountEntry | None:
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return people.account_numbered(int(number)) if is_number else None


def _today(account: AccountEntry, rules: RulesInForce) -> int:
    """Today where the programme is, in days since 1970."""
    return day_number(today_of(account, rules))
