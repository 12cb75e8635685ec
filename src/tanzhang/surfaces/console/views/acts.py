"""An act's whole story, and orders to hold or release it."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Biography
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.noting import note_look
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, go, may, page, spoken
from tanzhang.surfaces.console.times import instant
from tanzhang.surfaces.console.trail import trail

#: The topics of a biography in the order in which an act lives through them.
TOPICS = ("report", "eligibility", "conflicts", "amount", "limits", "later", "proof")


@allowed("look")
def act(request: HttpRequest, name: str) -> HttpResponse:
    """The story of an act named by its event key or as ``partner:external-id``."""
    key = _known(name)
    lang = spoken()
    told = activities.biography(key, rulebook_in_force(), lang)
    if told.account is not None:
        note_look(request, told.account.subject_id, ["act"])
    return page(
        request,
        "act",
        _("Act %(key)s …") % {"key": key.hex[:12]},
        crumbs=trail("find"),
        told=told,
        topics=_by_topic(told),
        summary=_summary(told, lang),
        actions=lines_about(Kind.ACT, key.hex),
        may_hold=may(request, "hold"),
        held=told.story is not None and told.story.status == "held",
    )


@allowed("hold", posts=True)
def hold_act(request: HttpRequest, name: str) -> HttpResponse:
    """Order an act to be held."""
    return _order(request, name, Verb.HELD)


@allowed("hold", posts=True)
def release_act(request: HttpRequest, name: str) -> HttpResponse:
    """Order an act to be released."""
    return _order(request, name, Verb.RELEASED)


@allowed("look")
def held(request: HttpRequest) -> HttpResponse:
    """The acts that are held now."""
    rules, lang = rulebook_in_force(), spoken()
    codes = partner_codes()
    scenes = {number: scene for scene, number in rules.scene_ids.items()}
    rows = []
    for line in activities.held_events(PAGE_ROWS):
        programme, scene = scenes[line.scene_id]
        zone = ZoneInfo(rules.programme(programme).time_zone)
        rows.append(
            {
                "event": line.event,
                "scene": rules.scene_title(programme, scene)[lang],
                "partner": codes[line.partner_id],
                "started_at": instant(line.started_us).astimezone(zone),
            }
        )
    return page(request, "held", _("Held acts"), rows=rows)


def _order(request: HttpRequest, name: str, verb: Verb) -> HttpResponse:
    """Queue the order and write it down, both or neither."""
    key = _known(name)
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    if verb is Verb.RELEASED:
        activities.refuse_release(key)
        if activities.was_put_aside(key):
            raise Problem("console.desk_decides")
    place = activities.whereabouts(key)
    assert place is not None  # the event is known
    with bulk_transaction() as cursor:
        order = activities.hold if verb is Verb.HELD else activities.release
        order(cursor, [place])
        record(request, verb, Kind.ACT, key.hex, note, of=place[1])
    messages.success(request, _("The order waits for a worker; its outcome follows in a moment."))
    return go("act", key.hex)


def _known(name: str) -> uuid.UUID:
    key = activities.find_event(name)
    if key is None:
        raise Problem("console.act_unknown", event=name)
    return key


def _summary(told: Biography, lang: str) -> str:
    if told.story is None:
        return told.sentences[0].text
    credited = activities.grams(told.story.reduction_mg, lang)
    return activities.say(
        "status", told.story.status, lang, credited=credited, points=told.story.points
    )


def _by_topic(told: Biography) -> list[tuple[str, list[activities.Sentence]]]:
    titles = {
        "report": _("Report"),
        "eligibility": _("Eligibility"),
        "conflicts": _("Conflicts"),
        "amount": _("Amount"),
        "limits": _("Limits and points"),
        "later": _("Since then"),
        "proof": _("Log"),
    }
    grouped = [
        (titles[topic], [line for line in told.sentences if line.topic == topic])
        for topic in TOPICS
    ]
    return [(title, lines) for title, lines in grouped if lines]
