"""Where we tell the partner what happened, what was told, and telling it again."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, ngettext

from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import DeliveryState
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.forms import SpanForm, WebhookForm
from tanzhang.surfaces.portal.journal import record
from tanzhang.surfaces.portal.models import Verb
from tanzhang.surfaces.portal.pages import done, page
from tanzhang.surfaces.portal.visitor import Visit, for_members

UNPROCESSABLE = 422


@for_members()
def webhooks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Addresses and the latest deliveries, of one state if asked."""
    return _page(request, visit)


@for_members(posts=True)
def open_address(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell the partner at an address; the answer shows the secret, and no page does again."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, form=form, status=UNPROCESSABLE)
    kinds = [form.cleaned_data["kinds"]] if form.cleaned_data["kinds"] else None
    try:
        with transaction.atomic():
            made = partners.open_endpoint(visit.partner_id, form.cleaned_data["url"], kinds)
            _record(visit, Verb.WEBHOOK_OPENED, made.name, made.url)
    except Problem as problem:
        return _page(request, visit, form=form, status=UNPROCESSABLE, problem=problem)
    secret = partners.endpoint_secret(made.id)
    return page(request, visit, "webhook_opened", "webhooks", made=made, secret=secret)


@for_members(posts=True)
def close_address(request: HttpRequest, visit: Visit, number: str) -> HttpResponse:
    """Tell nothing more there."""
    with transaction.atomic():
        partners.close_endpoint(visit.partner_id, int(number))
        _record(visit, Verb.WEBHOOK_CLOSED, f"we_{int(number)}")
    return done(request, _("Nothing more is delivered there."), "webhooks")


@for_members(posts=True)
def replay(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Deliver one message again."""
    message = request.POST.get("message", "")
    with transaction.atomic():
        count = partners.replay(visit.partner_id, message)
        _record(visit, Verb.MESSAGE_REPLAYED, message)
    return done(request, _again(count), "webhooks")


@for_members(posts=True)
def replay_span(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Deliver every message of a span again."""
    form = SpanForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, span=form, status=UNPROCESSABLE)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    with transaction.atomic():
        count = partners.replay_between(visit.partner_id, since, until)
        _record(visit, Verb.SPAN_REPLAYED, f"{since.isoformat()}/{until.isoformat()}")
    return done(request, _again(count), "webhooks")


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    form: WebhookForm | None = None,
    span: SpanForm | None = None,
    status: int = 200,
    problem: Problem | None = None,
) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = DeliveryState(asked) if asked in DeliveryState.values else None
    addresses = partners.endpoints(visit.partner_id)
    return page(
        request,
        visit,
        "webhooks",
        "webhooks",
        status=status,
        addresses=addresses,
        urls={entry.id: entry.url for entry in addresses},
        found=partners.deliveries(visit.partner_id, state),
        states=["", *DeliveryState.values],
        asked=asked if state else "",
        form=form or WebhookForm(),
        span=span or SpanForm(),
        problem=problem,
    )


def _again(count: int) -> str:
    text = ngettext("%(count)s delivery begins again.", "%(count)s deliveries begin again.", count)
    return text % {"count": f"{count:,}"}


def _record(visit: Visit, verb: Verb, object_id: str, note: str = "") -> None:
    member = visit.member
    record(visit.partner_id, verb, object_id, note, member_id=member.id, name=member.name)
