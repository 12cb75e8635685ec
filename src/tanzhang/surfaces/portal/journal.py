"""What was done in a partner's name: written in the transaction that did it, told as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tanzhang.surfaces.portal.models import PortalAction, Verb


@dataclass(frozen=True, slots=True)
class Line:
    """One action as it is read."""

    id: int
    at: datetime
    sentence: str
    note: str


def record(
    partner_id: int,
    verb: Verb,
    object_id: str,
    note: str = "",
    *,
    member_id: int | None = None,
    name: str,
) -> None:
    """Write an action; call it in the transaction that does it. Without a member it is ours."""
    PortalAction.objects.create(
        partner_id=partner_id,
        actor_id=member_id,
        actor_name=name,
        verb=verb,
        object_id=object_id,
        note=note,
    )


def lines(partner_id: int, count: int, before: int | None = None) -> list[Line]:
    """The latest actions of one partner (before one of them), the youngest first."""
    found = PortalAction.objects.filter(partner_id=partner_id)
    found = found.select_related("actor").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return [_line(action) for action in found[:count]]


def _line(action: PortalAction) -> Line:
    is_ours = action.actor is None
    actor = _("The platform's operator") if is_ours else action.actor_name
    sentence = _sentences()[Verb(action.verb)] % {"actor": actor, "object": action.object_id}
    return Line(action.id, action.at, sentence, action.note)


def _sentences() -> dict[Verb, str]:
    return {
        Verb.KEY_ADDED: _("%(actor)s added the key %(object)s."),
        Verb.KEY_ROTATED: _("%(actor)s announced %(object)s as the successor of the present key."),
        Verb.KEY_REVOKED: _("%(actor)s revoked the key %(object)s."),
        Verb.WEBHOOK_OPENED: _("%(actor)s opened the address %(object)s."),
        Verb.WEBHOOK_CLOSED: _("%(actor)s closed the address %(object)s."),
        Verb.MESSAGE_REPLAYED: _("%(actor)s had the message %(object)s delivered again."),
        Verb.SPAN_REPLAYED: _("%(actor)s had the messages of %(object)s delivered again."),
        Verb.COUNT_COMPARED: _("%(actor)s handed in your own count of %(object)s."),
        Verb.MEMBER_ADDED: _("%(actor)s added the log-in %(object)s."),
        Verb.MEMBER_CLOSED: _("%(actor)s closed the log-in %(object)s."),
        Verb.PASSWORD_RENEWED: _("%(actor)s gave the log-in %(object)s a new one-time password."),
        Verb.QUESTION_ANSWERED: _("%(actor)s answered the question about %(object)s."),
        Verb.PASSWORD_CHANGED: _("%(actor)s changed the password of the log-in %(object)s."),
    }
