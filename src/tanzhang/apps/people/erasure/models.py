"""In which state an account is, and who was erased. Rows are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class State(models.TextChoices):
    """What may be done with an account. One without a row is open."""

    OPEN = "open"
    RESTRICTED = "restricted"  #: kept because it must be, read by nobody
    DORMANT = "dormant"
    FROZEN = "frozen"
    CLOSED = "closed"  #: by its owner: nothing is collected any more
    ERASED = "erased"


class AccountState(models.Model):
    """One change of an account's state; the last row holds."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_index=False)
    since = models.DateTimeField(db_default=Now())
    state = models.TextField(choices=State)
    reason = models.TextField()

    class Meta:
        db_table = "account_state"
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="account_state_last")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="account_state_known"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="account_state_has_reason"),
        ]


class Erasure(models.Model):
    """That a line of the erasures' journal is carried out in this database.

    ``mark`` and ``digest`` are the line's. ``was_here`` is false if the database, restored from a
    backup that is older than she is, did not know the person: the number is then another's, or
    nobody's. ``transaction`` is the one that wrote the row: the owner's functions take things away
    in that transaction alone.
    """

    number = models.BigIntegerField(primary_key=True)
    subject_id = models.BigIntegerField()
    was_here = models.BooleanField()
    transaction = models.BigIntegerField()
    at = models.DateTimeField()  #: when she was erased first
    carried_out_at = models.DateTimeField(db_default=Now())
    mark = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        db_table = "erasure"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="erasure_number_from_one"
            ),
            models.CheckConstraint(
                condition=Exact(Length("mark"), 16), name="erasure_mark_is_16_bytes"
            ),
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32), name="erasure_digest_is_32_bytes"
            ),
        ]
