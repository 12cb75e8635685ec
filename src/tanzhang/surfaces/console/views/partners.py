"""Partners: who reports what, by which keys and agreements; and switching them off and on."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import last_comparisons, latest_pieces
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.partners import api as room
from tanzhang.apps.partners.api import AgreementEntry, PartnerLine, Standing, partner_lines
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.portal.members import members_of

#: The latest pieces that a partner's page lists.
PIECES_SHOWN = 20


@allowed("look")
def partners(request: HttpRequest) -> HttpResponse:
    """All partners."""
    lang = spoken()
    lines = partner_lines()
    rules = rulebook_in_force() if lines else None
    standings = room.standings()
    rows = [
        {
            "line": line,
            "title": line.title(lang),
            "programme": rules.programme_code(line.programme_id),
            "scenes": len(_scenes(rules, line, lang)),
            "standing": standings.get(line.id, Standing.ACTIVE).value,
        }
        for line in lines
        if rules is not None
    ]
    return page(request, "partners", _("Partners"), rows=rows)


@allowed("look")
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One partner."""
    line = _line(code)
    rules, lang, now = rulebook_in_force(), spoken(), timezone.now()
    return page(
        request,
        "partner",
        line.title(lang),
        crumbs=trail("partners"),
        line=line,
        programme=rules.programme_code(line.programme_id),
        scenes=_scenes(rules, line, lang),
        pieces=latest_pieces(PIECES_SHOWN, partner_id=line.id),
        standing=room.standing(line.id).value,
        changes=room.standing_changes(line.id),
        keys=[(key, key.state(now)) for key in room.partner_keys(line.id)],
        agreements=[(made, _state(made, now)) for made in room.agreements(line.id)],
        actions=lines_about(Kind.PARTNER, code),
        breaks=[each for each in last_comparisons(line.id) if not each["agrees"]],
        members=members_of(line.id),
        may_switch=may(request, "switch"),
        may_admit=may(request, "administer"),
    )


@allowed("switch", posts=True)
def suspend(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a partner off."""
    return _switch(request, code, Verb.SUSPENDED)


@allowed("switch", posts=True)
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a suspended partner on again."""
    return _switch(request, code, Verb.RESUMED)


def _switch(request: HttpRequest, code: str, verb: Verb) -> HttpResponse:
    """Change its standing and write it down, both or neither."""
    line = _line(code)
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    change = room.suspend if verb is Verb.SUSPENDED else room.resume
    with transaction.atomic():
        change(line.id, reason=note, by=request.user.get_username())
        record(request, verb, Kind.PARTNER, code, note)
    said = (
        _("The partner is suspended: its next call is refused.")
        if verb is Verb.SUSPENDED
        else _("The partner is served again.")
    )
    messages.success(request, said)
    return go("partner", code)


def _line(code: str) -> PartnerLine:
    line = next((line for line in partner_lines() if line.code == code), None)
    if line is None:
        raise Problem("console.page_unknown", name=code)
    return line


def _state(made: AgreementEntry, now: datetime) -> str:
    """Whether an agreement is still to come, holds, or is over."""
    if made.is_live(now):
        return "live"
    return "announced" if now < made.valid_from else "expired"


def _scenes(rules: RulesInForce, line: PartnerLine, lang: str) -> list[dict[str, str]]:
    """The scenes that a partner may report by the programme's latest version."""
    file = rules.programme_file(rules.programme_code(line.programme_id))
    latest = list(file.scenes.values())[-1]
    return [
        {"id": scene.id, "title": scene.title[lang], "pack": scene.pack}
        for scene in latest.values()
        if line.code in scene.partners
    ]
