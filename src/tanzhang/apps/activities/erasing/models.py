"""What stands in the place of what was erased, so that all other proofs come out as before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class ErasedLeaf(models.Model):
    """The hash of a leaf that nobody can derive any more, because its person's key is destroyed.

    ``row_digest`` is over the row without what came from the key, so that a changed row is seen.
    """

    pk = models.CompositePrimaryKey("piece_id", "event_key", "outcome_no", "month")
    piece = models.ForeignKey("activities.Piece", on_delete=models.PROTECT, db_index=False)
    subject_id = models.BigIntegerField()
    event_key = models.UUIDField()
    month = models.IntegerField()
    outcome_no = models.SmallIntegerField()
    leaf_hash = models.BinaryField()
    row_digest = models.BinaryField()

    class Meta:
        db_table = "erased_leaf"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(Exact(Length("leaf_hash"), 32), Exact(Length("row_digest"), 32)),
                name="erased_leaf_hashes_are_32_bytes",
            ),
        ]


class ErasedLine(models.Model):
    """The hash of a line of a batch's receipt that lost the partner's own id of an event."""

    pk = models.CompositePrimaryKey("batch_id", "row")
    batch = models.ForeignKey("activities.Batch", on_delete=models.PROTECT, db_index=False)
    row = models.SmallIntegerField()
    line_hash = models.BinaryField()

    class Meta:
        db_table = "erased_line"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("line_hash"), 32), name="erased_line_hash_is_32_bytes"
            ),
        ]
