"""Writes: partners as a programme's files name them, or as an operator brings them in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.agreements import ALWAYS, Terms, add_agreement
from tanzhang.apps.partners.keys import add_key, partner_keys
from tanzhang.apps.partners.models import AgreementKind, IdTime, Partner
from tanzhang.crypto.keys import PublicKey
from tanzhang.problems import Problem


@transaction.atomic
def ensure_partner(
    code: str, *, programme_id: int, title_zh: str, title_en: str, id_time: IdTime = IdTime.NONE
) -> int:
    """The number of the partner with this code, who is added, or renamed, as needed.

    A new one may report whatever its programme allows, by an agreement without an end; it has no
    key yet. How its ids carry time is part of every event key and never changes, and neither does
    the programme: raises ``partners.partner_differs``.
    """
    made, is_new = Partner.objects.get_or_create(
        code=code,
        defaults={
            "programme_id": programme_id,
            "title_zh": title_zh,
            "title_en": title_en,
            "id_time": id_time,
        },
    )
    if is_new:
        with bulk_transaction() as cursor:
            add_agreement(cursor, made.id, Terms(AgreementKind.REPORT), ALWAYS)
    else:
        if (made.programme_id, made.id_time) != (programme_id, id_time):
            raise Problem("partners.partner_differs", partner=code)
        if (made.title_zh, made.title_en) != (title_zh, title_en):
            made.title_zh, made.title_en = title_zh, title_en
            made.save(update_fields=["title_zh", "title_en"])
    return int(made.id)


@transaction.atomic
def create_partner(
    code: str,
    key: PublicKey,
    *,
    programme_id: int,
    title_zh: str = "",
    title_en: str = "",
    id_time: IdTime | None = None,
    at: datetime | None = None,
) -> int:
    """Bring in a partner with its first key, which is good at once; return its number.

    One that the programme's file names already only gets its key, and keeps what the file says.
    Raises ``partners.partner_exists`` if it has keys or is of another programme,
    ``partners.title_missing`` if it is new and nameless, and as ``keys.add_key`` does.
    """
    known = Partner.objects.filter(code=code).first()
    if known is not None and (known.programme_id != programme_id or partner_keys(known.id)):
        raise Problem("partners.partner_exists", partner=code)
    if known is None and not (title_zh and title_en):
        raise Problem("partners.title_missing", partner=code)
    number = (
        int(known.id)
        if known is not None
        else ensure_partner(
            code,
            programme_id=programme_id,
            title_zh=title_zh,
            title_en=title_en,
            id_time=id_time or IdTime.NONE,
        )
    )
    add_key(number, key, at=at)
    return number
