"""Who reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class IdTime(models.TextChoices):
    """How an external id carries its own time, which leads the event key (design §4)."""

    NONE = "none"
    UUID7 = "uuid7"
    ULID = "ulid"
    DATE8 = "date8"  #: the id begins with YYYYMMDD


class Partner(models.Model):
    """An organisation 合作方 that reports acts to one programme, by its code for ever."""

    id = models.SmallAutoField(primary_key=True)
    programme_id = models.SmallIntegerField()
    code = models.TextField(unique=True)
    title_zh = models.TextField()
    title_en = models.TextField()
    id_time = models.TextField(choices=IdTime, default=IdTime.NONE)

    class Meta:
        db_table = "partner"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(code=""), name="partner_has_code"),
            models.CheckConstraint(
                condition=models.Q(id_time__in=IdTime.values), name="partner_id_time_known"
            ),
        ]
