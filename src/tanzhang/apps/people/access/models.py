"""The access log: rows are added, and only their reasons are ever blanked."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class ReaderKind(models.TextChoices):
    """Who somebody is that reads what belongs to a person."""

    CITIZEN = "citizen"  #: the person herself, or who acts for her
    STAFF = "staff"
    PARTNER = "partner"
    SYSTEM = "system"  #: a programme of ours, on nobody's order
    REGULATOR = "regulator"


class AccessEntry(models.Model):
    """One reading. ``position`` has no gaps; ``digest`` covers the row and the digest before it.

    ``reason`` is what a member of staff wrote. It can be blanked (an erased person may be named in
    it) and never changed: ``reason_digest`` stays, and the digests cover that alone.
    """

    position = models.BigIntegerField(primary_key=True)
    subject = models.ForeignKey("people.Subject", on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    reader_kind = models.TextField(choices=ReaderKind)
    reader = models.TextField()
    purpose = models.TextField()
    fields = ArrayField(models.TextField())
    reason = models.TextField(null=True)
    reason_digest = models.BinaryField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        db_table = "access_log"
        indexes: ClassVar = [
            models.Index(fields=["subject", "-position"], name="access_log_of_subject")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(position__gte=1), name="access_log_position_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(reader_kind__in=ReaderKind.values),
                name="access_log_reader_kind_known",
            ),
            models.CheckConstraint(condition=~models.Q(reader=""), name="access_log_names_reader"),
            models.CheckConstraint(
                condition=~models.Q(purpose=""), name="access_log_names_purpose"
            ),
            *(
                models.CheckConstraint(
                    condition=Exact(Length(name), 32), name=f"access_log_{name}_is_32_bytes"
                )
                for name in ("reason_digest", "previous", "digest")
            ),
        ]


class AccessCut(models.Model):
    """Where the log was cut because its older rows had been kept long enough.

    The rows up to ``position`` are gone; what remains continues from ``digest``.
    """

    position = models.BigIntegerField(primary_key=True)
    cut_at = models.DateTimeField()
    digest = models.BinaryField()

    class Meta:
        db_table = "access_cut"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32), name="access_cut_digest_is_32_bytes"
            ),
        ]
