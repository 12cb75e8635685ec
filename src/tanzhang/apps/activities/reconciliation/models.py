"""The files of days, and what partners counted themselves, as they are stored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class ReconciliationFile(models.Model):
    """What a partner delivered on one local day, made once after the day and never again.

    ``statement`` is a signed document that holds the totals and the digests of the parts.
    """

    pk = models.CompositePrimaryKey("partner_id", "day")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField()
    made_at = models.DateTimeField()
    row_count = models.IntegerField()
    detail_sm3 = models.BinaryField()
    statement = models.BinaryField()

    class Meta:
        db_table = "reconciliation_file"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("detail_sm3"), 32),
                name="reconciliation_file_digest_is_32_bytes",
            ),
        ]


class ReconciliationPart(models.Model):
    """So many lines of a day's detail, in their order; the first part is number 1."""

    pk = models.CompositePrimaryKey("partner_id", "day", "part")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField()
    part = models.IntegerField()
    body = models.BinaryField()  #: compressed

    class Meta:
        db_table = "reconciliation_part"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(part__gte=1), name="reconciliation_part_is_counted_from_1"
            ),
        ]


class OwnCount(models.Model):
    """What a partner itself counted for one day, and how that differs from our file."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    day = models.IntegerField()
    given_at = models.DateTimeField(db_default=Now())
    breaks = models.IntegerField()  #: 0: both sides agree
    comparison = models.BinaryField()

    class Meta:
        db_table = "own_count"
        indexes: ClassVar = [models.Index(fields=["partner", "day", "-id"], name="own_count_last")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(breaks__gte=0), name="own_count_breaks_are_counted"
            ),
        ]
