"""What operators did: written down in the transaction that did it, told as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import words_about
from tanzhang.surfaces.console.models import Action, Kind, Verb


@dataclass(frozen=True, slots=True)
class Line:
    """One action as it is read."""

    id: int
    at: datetime
    sentence: str
    note: str
    kind: str
    object_id: str


def record(
    request: HttpRequest,
    verb: Verb,
    kind: Kind,
    object_id: str,
    note: str = "",
    *,
    of: int | None = None,
) -> None:
    """Write an action of whoever asks; call it in the transaction that does it.

    ``of`` is the subject of the person whom the note may name: it goes when she is erased.
    """
    if of is not None:
        with bulk_transaction() as cursor:
            note = words_about(cursor, of, note)
    Action.objects.create(
        actor_id=request.user.pk,
        actor_name=request.user.get_username(),
        verb=verb,
        kind=kind,
        object_id=object_id,
        note=note,
        subject_id=of,
    )


def lines_about(kind: Kind, object_id: str) -> list[Line]:
    """What was done to one thing, the oldest first."""
    found = Action.objects.filter(kind=kind, object_id=object_id).order_by("id")
    return [_line(action) for action in found]


def deciders_about(event: str) -> set[str]:
    """Who ordered an act to be held or released, by log-in in small letters."""
    found = Action.objects.filter(
        kind=Kind.ACT, object_id=event, verb__in=[Verb.HELD, Verb.RELEASED]
    )
    return {name.casefold() for name in found.values_list("actor_name", flat=True)}


def latest_lines(count: int, before: int | None = None) -> list[Line]:
    """The latest actions (before one of them), the youngest first."""
    found = Action.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return [_line(action) for action in found[:count]]


def latest_verbs(kind: Kind, verb: Verb, count: int) -> Sequence[str]:
    """The things that something was last done to, the youngest first."""
    found = Action.objects.filter(kind=kind, verb=verb).order_by("-id")
    return list(found.values_list("object_id", flat=True)[:count])


def _line(action: Action) -> Line:
    names = {"actor": action.actor_name, "object": action.object_id}
    sentence = _sentences()[Verb(action.verb), Kind(action.kind)] % names
    return Line(action.id, action.at, sentence, action.note, action.kind, action.object_id)


def _sentences() -> dict[tuple[Verb, Kind], str]:
    return {
        (Verb.HELD, Kind.ACT): _("%(actor)s asked to hold the act %(object)s."),
        (Verb.RELEASED, Kind.ACT): _("%(actor)s asked to release the act %(object)s."),
        (Verb.DECLINED, Kind.ACT): _("%(actor)s decided that the act %(object)s does not count."),
        (Verb.PROPOSED, Kind.ACT): _("%(actor)s proposed to release the act %(object)s."),
        (Verb.APPROVED, Kind.ACT): _("%(actor)s found the sampled act %(object)s sound."),
        (Verb.RESUMED, Kind.ACT): _(
            "%(actor)s ended the watch on the account of the act %(object)s."
        ),
        (Verb.SUSPENDED, Kind.ACT): _(
            "%(actor)s took a sanction against the account of the act %(object)s."
        ),
        (Verb.PROPOSED, Kind.PROPOSAL): _("%(actor)s made the proposal %(object)s."),
        (Verb.APPROVED, Kind.PROPOSAL): _("%(actor)s approved the proposal %(object)s."),
        (Verb.DECLINED, Kind.PROPOSAL): _("%(actor)s declined the proposal %(object)s."),
        (Verb.WITHDRAWN, Kind.PROPOSAL): _("%(actor)s withdrew the proposal %(object)s."),
        (Verb.PROPOSED, Kind.SUSPICION): _("%(actor)s proposed how suspicion %(object)s ends."),
        (Verb.APPROVED, Kind.SUSPICION): _("%(actor)s approved how suspicion %(object)s ends."),
        (Verb.DECLINED, Kind.SUSPICION): _("%(actor)s declined how suspicion %(object)s ends."),
        (Verb.WITHDRAWN, Kind.SUSPICION): _(
            "%(actor)s withdrew the proposal about suspicion %(object)s."
        ),
        (Verb.ASKED, Kind.APPEAL): _("%(actor)s asked the partner about appeal %(object)s."),
        (Verb.DECIDED, Kind.APPEAL): _("%(actor)s decided appeal %(object)s."),
        (Verb.PROPOSED, Kind.APPEAL): _("%(actor)s proposed how appeal %(object)s is decided."),
        (Verb.AGREED, Kind.APPEAL): _(
            "%(actor)s agreed to what was proposed on appeal %(object)s."
        ),
        (Verb.DISAGREED, Kind.APPEAL): _(
            "%(actor)s let go what was proposed on appeal %(object)s."
        ),
        (Verb.PROPOSED, Kind.ASSESSMENT): _("%(actor)s proposed impact assessment %(object)s."),
        (Verb.APPROVED, Kind.ASSESSMENT): _("%(actor)s approved impact assessment %(object)s."),
        (Verb.DECLINED, Kind.ASSESSMENT): _("%(actor)s declined impact assessment %(object)s."),
        (Verb.WITHDRAWN, Kind.ASSESSMENT): _("%(actor)s withdrew impact assessment %(object)s."),
        (Verb.SUSPENDED, Kind.ASSESSMENT): _("%(actor)s ended impact assessment %(object)s."),
        (Verb.ANSWERED, Kind.REQUEST): _("%(actor)s went on with request %(object)s."),
        (Verb.ADDED, Kind.CASE): _("%(actor)s opened case %(object)s about a death."),
        (Verb.CHANGED, Kind.CASE): _("%(actor)s noted a step in case %(object)s."),
        (Verb.PROPOSED, Kind.CASE): _("%(actor)s proposed a step in case %(object)s."),
        (Verb.APPROVED, Kind.CASE): _("%(actor)s approved a step in case %(object)s."),
        (Verb.DECLINED, Kind.CASE): _("%(actor)s declined something in case %(object)s."),
        (Verb.ADDED, Kind.ACCOUNT): _("%(actor)s opened the account %(object)s for a group."),
        (Verb.CHANGED, Kind.ACCOUNT): _("%(actor)s changed who belongs to %(object)s."),
        (Verb.CHANGED, Kind.STAGE): _("%(actor)s made change %(object)s of who sees what first."),
        (Verb.PROPOSED, Kind.STAGE): _(
            "%(actor)s proposed change %(object)s of who sees what first."
        ),
        (Verb.APPROVED, Kind.STAGE): _(
            "%(actor)s approved change %(object)s of who sees what first."
        ),
        (Verb.DECLINED, Kind.STAGE): _(
            "%(actor)s declined change %(object)s of who sees what first."
        ),
        (Verb.WITHDRAWN, Kind.STAGE): _(
            "%(actor)s withdrew change %(object)s of who sees what first."
        ),
        (Verb.ADDED, Kind.STAFF): _("%(actor)s added the log-in %(object)s."),
        (Verb.CHANGED, Kind.STAFF): _("%(actor)s changed the log-in %(object)s."),
        (Verb.SUSPENDED, Kind.PARTNER): _("%(actor)s suspended the partner %(object)s."),
        (Verb.RESUMED, Kind.PARTNER): _("%(actor)s resumed the partner %(object)s."),
        (Verb.ADDED, Kind.PARTNER): _(
            "%(actor)s gave somebody of %(object)s a log-in to the portal, or a new password."
        ),
        (Verb.CHANGED, Kind.PARTNER): _("%(actor)s closed a portal log-in of %(object)s."),
    }
