"""Who belongs to whom, and who was asked to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class Role(models.TextChoices):
    """What a member is to the account that it belongs to."""

    MANAGER = "manager"
    MEMBER = "member"
    CHILD = "child"  #: another account of the same person 子账户


class Membership(models.Model):
    """That one account's acts count in another's total, over local days [from_day, to_day).

    Still so if ``to_day`` is null. A row only ever ends: who changes her role or what she shows
    ends one row and begins the next on the same day. No two rows of a pair overlap (an exclusion
    constraint). ``shows_share`` is her consent to show the group's managers her own part.
    """

    id = models.BigAutoField(primary_key=True)
    parent = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    from_day = models.IntegerField()
    to_day = models.IntegerField(null=True)
    role = models.TextField(choices=Role)
    shows_share = models.BooleanField(db_default=False)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    made_by = models.TextField()
    ended_by = models.TextField(null=True)

    class Meta:
        db_table = "membership"
        indexes: ClassVar = [models.Index(fields=["parent"], name="membership_of_parent")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("member")), name="membership_of_another"
            ),
            models.CheckConstraint(
                condition=models.Q(to_day=None) | models.Q(to_day__gte=models.F("from_day")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(to_day=None, ended_at=None, ended_by=None)
                | models.Q(to_day__isnull=False, ended_at__isnull=False, ended_by__isnull=False),
                name="membership_end_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["manager", "member", "child"]),
                name="membership_role_is_known",
            ),
        ]


class Invitation(models.Model):
    """A code that lets one account join another, once; only a keyed hash of the code is kept."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    code_hash = models.BinaryField(unique=True)

    class Meta:
        db_table = "invitation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("code_hash"), 32), name="invitation_hash_is_32_bytes"
            ),
        ]
