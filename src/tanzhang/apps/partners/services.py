"""Writes: partners as a programme's files name them."""

from __future__ import annotations

from tanzhang.apps.partners.models import IdTime, Partner
from tanzhang.problems import Problem


def ensure_partner(
    code: str, *, programme_id: int, title_zh: str, title_en: str, id_time: IdTime = IdTime.NONE
) -> int:
    """The number of the partner with this code, who is added, or renamed, as needed.

    How its ids carry time is part of every event key and never changes, and neither does the
    programme: raises ``partners.partner_differs``.
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
    if not is_new:
        if (made.programme_id, made.id_time) != (programme_id, id_time):
            raise Problem("partners.partner_differs", partner=code)
        if (made.title_zh, made.title_en) != (title_zh, title_en):
            made.title_zh, made.title_en = title_zh, title_en
            made.save(update_fields=["title_zh", "title_en"])
    return int(made.id)
