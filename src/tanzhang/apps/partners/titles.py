"""Reads: all partners with their titles."""

from __future__ import annotations

from dataclasses import dataclass

from tanzhang.apps.partners.models import Partner


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner as a list shows it."""

    id: int
    code: str
    programme_id: int
    title_zh: str
    title_en: str
    id_time: str

    def title(self, lang: str) -> str:
        """The title in ``zh`` or ``en``."""
        return self.title_zh if lang == "zh" else self.title_en


def partner_lines() -> list[PartnerLine]:
    """Every partner, by code."""
    columns = ("id", "code", "programme_id", "title_zh", "title_en", "id_time")
    return [PartnerLine(*row) for row in Partner.objects.order_by("code").values_list(*columns)]
