"""What is carried to other installations and from them, as it is stored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class KnownInstallation(models.Model):
    """Another installation whose statements are taken, and its public keys; the last row holds."""

    id = models.AutoField(primary_key=True)
    installation = models.TextField()
    title_zh = models.TextField()
    title_en = models.TextField()
    key_file = models.BinaryField()
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.TextField()

    class Meta:
        db_table = "known_installation"
        indexes: ClassVar = [
            models.Index(fields=["installation", "-id"], name="known_installation_last")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(added_by="") & ~models.Q(installation=""),
                name="known_installation_is_whole",
            ),
        ]


class CarriedStatement(models.Model):
    """A statement that a citizen brought here, and what was answered to each of its entries."""

    digest = models.BinaryField(primary_key=True)  #: SM3 of its canonical bytes
    account_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    installation = models.TextField()
    taken_at = models.DateTimeField(db_default=Now())
    accepted = models.IntegerField()
    refused = models.IntegerField()
    answer = models.BinaryField()

    class Meta:
        db_table = "carried_statement"
        indexes: ClassVar = [
            models.Index(fields=["account_id"], name="carried_statement_of_account")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32), name="carried_statement_digest_is_32_bytes"
            ),
        ]


class CarriedEntry(models.Model):
    """An act of another installation that is carried here: once, by whomever, for ever."""

    pk = models.CompositePrimaryKey("installation", "event_key")
    statement = models.ForeignKey(CarriedStatement, on_delete=models.PROTECT, db_index=False)
    account_id = models.BigIntegerField(db_index=True)
    subject_id = models.BigIntegerField()
    started_us = models.BigIntegerField()
    ended_us = models.BigIntegerField()
    total_mg = models.BigIntegerField()
    event_key = models.UUIDField()
    installation = models.TextField()
    scene = models.TextField()
    pack = models.TextField()
    version = models.TextField()

    class Meta:
        db_table = "carried_entry"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(total_mg__gt=0), name="carried_entry_has_grams"
            ),
        ]


class CarriedAway(models.Model):
    """To which one other installation an act of ours was carried."""

    event_key = models.UUIDField(primary_key=True)
    account_id = models.BigIntegerField()
    first_at = models.DateTimeField(db_default=Now())
    audience = models.TextField()

    class Meta:
        db_table = "carried_away"
