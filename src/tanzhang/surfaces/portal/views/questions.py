"""Questions about reports that somebody disputes, and the partner's answers.

A correction is no answer: it comes as a higher revision, through the partner API or a file.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.apps.database import bulk_transaction
from tanzhang.surfaces.portal.journal import record
from tanzhang.surfaces.portal.models import Verb
from tanzhang.surfaces.portal.pages import done, page
from tanzhang.surfaces.portal.visitor import Visit, for_members


@for_members()
def questions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is asked about this partner's reports; nothing that the person wrote."""
    with bulk_transaction() as cursor:
        rows = activities.asked_of(cursor, visit.partner_id)
    return page(request, visit, "questions", "batches", rows=rows)


@for_members(posts=True)
def answer(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Answer one of them."""
    words, member = request.POST.get("words", ""), visit.member
    with transaction.atomic():
        by = f"{visit.code}:{member.name}"
        activities.answer_as_partner(number, visit.partner_id, words, by=by)
        record(
            visit.partner_id,
            Verb.QUESTION_ANSWERED,
            str(number),
            member_id=member.id,
            name=member.name,
        )
    return done(request, _("Thank you. Whoever decides reads your answer now."), "questions")
