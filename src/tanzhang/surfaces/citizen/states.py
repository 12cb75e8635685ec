"""Every gram's state in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from tanzhang.apps.activities.api import StateTotal, Waiting
from tanzhang.surfaces.look.templatetags.look import plain_amount


@dataclass(frozen=True, slots=True)
class StateLine:
    """A state and what is in it."""

    status: str
    sentence: str


def state_lines(states: Sequence[StateTotal], waiting: Waiting) -> list[StateLine]:
    """What waits first, then the outcomes in their order."""
    lines = [StateLine(state.status, _sentence(state)) for state in states]
    return [*_waiting(waiting), *lines]


def _waiting(waiting: Waiting) -> list[StateLine]:
    if not waiting.is_whole:
        text = gettext("Many reports are waiting to be settled; yours may be among them.")
        return [StateLine("pending", text)]
    count = len(waiting.acts)
    if not count:
        return []
    text = ngettext(
        "%(count)s act has arrived and is being settled.",
        "%(count)s acts have arrived and are being settled.",
        count,
    )
    return [StateLine("pending", text % {"count": count})]


def _sentence(state: StateTotal) -> str:
    details = {
        "count": state.acts,
        "amount": plain_amount(state.reduction_mg),
        "taken": plain_amount(state.taken_mg),
    }
    return _pattern(state) % details


def _pattern(state: StateTotal) -> str:
    count = state.acts
    if state.status == "credited" and state.taken_mg:
        return ngettext(
            "%(count)s act brought %(amount)s; limits took another %(taken)s.",
            "%(count)s acts brought %(amount)s; limits took another %(taken)s.",
            count,
        )
    if state.status == "credited":
        return ngettext(
            "%(count)s act brought %(amount)s.", "%(count)s acts brought %(amount)s.", count
        )
    if state.status == "limited":
        return ngettext(
            "%(count)s act found no room under a limit, so %(taken)s were not credited.",
            "%(count)s acts found no room under a limit, so %(taken)s were not credited.",
            count,
        )
    if state.status == "duplicate":
        return ngettext(
            "%(count)s act is counted already by another report, and not again here.",
            "%(count)s acts are counted already by other reports, and not again here.",
            count,
        )
    if state.status == "rejected":
        return ngettext(
            "%(count)s act does not count; its page says why.",
            "%(count)s acts do not count; the page of each says why.",
            count,
        )
    if state.status == "held":
        return ngettext(
            "%(count)s act is on hold and does not count; its page says why.",
            "%(count)s acts are on hold and do not count; the page of each says why.",
            count,
        )
    return ngettext(
        "%(count)s act was taken back by its partner.",
        "%(count)s acts were taken back by their partners.",
        count,
    )
