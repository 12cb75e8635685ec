"""What requests and appeals, and how far they have come, are called on a citizen's pages."""

from __future__ import annotations

from django.utils.translation import gettext

from tanzhang.apps.activities.api import AppealEntry, AppealMove, Remedy
from tanzhang.apps.people.api import RequestKind, RequestState


def request_title(kind: RequestKind) -> str:
    """What was asked for."""
    return {
        RequestKind.CORRECT: gettext("Correction of something about you"),
        RequestKind.RESTRICT: gettext("Stop using what is kept of you"),
        RequestKind.DELETE: gettext("Erase what is kept of you"),
        RequestKind.EXPLAIN: gettext("Explanation of a decision"),
        RequestKind.GUARDIAN: gettext("Request as a parent or guardian"),
        RequestKind.NEXT_OF_KIN: gettext("Request for somebody who has died"),
        RequestKind.OTHER: gettext("Another request"),
    }[kind]


def request_state(state: RequestState) -> str:
    """How far it has come."""
    return {
        RequestState.OPEN: gettext("Received"),
        RequestState.WORKING: gettext("Somebody works on it"),
        RequestState.WAITING: gettext("Waits for an answer of yours"),
        RequestState.DONE: gettext("Done"),
        RequestState.REFUSED: gettext("Refused"),
        RequestState.WITHDRAWN: gettext("Taken back by you"),
    }[state]


def appeal_state(found: AppealEntry) -> str:
    """How far an appeal has come, and how it ended."""
    if found.decision is not None and found.decision.remedy is not None:
        return remedy_title(found.decision.remedy)
    match found.last:
        case None | AppealMove.DISAGREED:
            return gettext("A person will look at it")
        case AppealMove.ASKED_PARTNER:
            return gettext("The partner was asked to look at its report again")
        case AppealMove.PARTNER_ANSWERED:
            return gettext("The partner has answered; a person decides now")
        case AppealMove.PROPOSED:
            return gettext("One person has decided; a second one checks it")
    return gettext("Taken back by you")


def remedy_title(remedy: Remedy) -> str:
    """What was decided."""
    return {
        Remedy.NONE: gettext("Decided: it stays as it is"),
        Remedy.RELEASE: gettext("Decided: the record counts again"),
        Remedy.SET_ASIDE: gettext("Decided: the record does not count any more"),
        Remedy.RESTATE: gettext("Decided: an earlier report of it counts again"),
        Remedy.CORRECTED: gettext("Decided: the partner corrects its report"),
        Remedy.ELSEWHERE: gettext("Decided: it was put right"),
    }[remedy]
