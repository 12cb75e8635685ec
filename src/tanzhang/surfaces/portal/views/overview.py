"""The first page: how the partner stands, what is agreed, what was used today, what needs care."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tanzhang.apps.activities.api import asked_of, last_comparisons
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import AgreementEntry, AgreementKind, DeliveryState
from tanzhang.surfaces.look import moments
from tanzhang.surfaces.portal import journal
from tanzhang.surfaces.portal.pages import PAGE_ROWS, page
from tanzhang.surfaces.portal.paging import number_of
from tanzhang.surfaces.portal.visitor import Visit, for_members


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement as it is read."""

    entry: AgreementEntry
    state: str
    scenes: list[str]  #: titles; none if all that the programme allows


@dataclass(frozen=True, slots=True)
class Today:
    """What was used since midnight UTC, when quotas begin anew."""

    calls: int
    refused: int
    items: int
    items_a_day: int | None
    calls_a_minute: int | None


@for_members()
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page."""
    now = timezone.now()
    made = partners.agreements(visit.partner_id)
    dead = partners.deliveries(visit.partner_id, DeliveryState.DEAD)
    broken = [each for each in last_comparisons(visit.partner_id) if not each["agrees"]]
    with bulk_transaction() as cursor:
        questions = len(asked_of(cursor, visit.partner_id))
    return page(
        request,
        visit,
        "overview",
        "overview",
        questions=questions,
        standing=partners.standing(visit.partner_id).value,
        agreements=_agreements(visit, made, now),
        today=_today(visit, made, now),
        dead=len(dead),
        broken=broken,
        keys=_signing_keys(visit, now),
        lines=journal.lines(visit.partner_id, 5),
    )


@for_members()
def actions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was done in the partner's name, the youngest first."""
    lines = journal.lines(visit.partner_id, PAGE_ROWS, number_of(request, "before"))
    more = lines[-1].id if len(lines) == PAGE_ROWS else None
    return page(request, visit, "actions", "overview", lines=lines, more=more)


def _agreements(visit: Visit, made: list[AgreementEntry], now: datetime) -> list[Agreement]:
    rules, spoken = rulebook_in_force(), moments.language()
    programme = rules.programme_code(
        next(line.programme_id for line in partners.partner_lines() if line.id == visit.partner_id)
    )
    latest = list(rules.programme_file(programme).scenes.values())[-1]
    titles = {scene.id: scene.title[spoken] for scene in latest.values()}
    return [
        Agreement(
            entry,
            "live" if entry.is_live(now) else "announced" if now < entry.valid_from else "expired",
            [titles.get(scene, scene) for scene in entry.scenes or ()],
        )
        for entry in made
    ]


def _today(visit: Visit, made: list[AgreementEntry], now: datetime) -> Today:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    used = partners.usage(visit.partner_id, midnight, midnight + timedelta(days=1))
    calls: Counter[bool] = Counter()
    for line in used:
        calls[line.code == partners.SERVED] += line.calls
    report = next(
        (each for each in made if each.kind is AgreementKind.REPORT and each.is_live(now)), None
    )
    return Today(
        calls=calls.total(),
        refused=calls[False],
        items=partners.items_today(visit.partner_id),
        items_a_day=report.items_a_day if report else None,
        calls_a_minute=report.calls_a_minute if report else None,
    )


def _signing_keys(visit: Visit, now: datetime) -> int:
    """How many keys it could sign with now."""
    return sum(
        key.purpose is partners.Purpose.SIGN and key.state(now) == "live"
        for key in partners.partner_keys(visit.partner_id)
    )
