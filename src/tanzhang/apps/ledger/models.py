"""What has been posted, summed. Grams are milligrams CO2e; points are the programme's smallest.

``Balance`` and ``PointsLot`` are distributed by subject: no triggers, no foreign keys. They and
``SourceBalance`` are the only rows that posting updates.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from tanzhang.apps.distribution import SHARDS


class Unit(models.IntegerChoices):
    """What a ledger account counts.

    Each kind of a programme's accounts may count points of its own (绿币 for persons, 蓝币 for
    enterprises); they are numbered from ``POINTS`` on, by the kind that names them.
    """

    REDUCTION_MG = 1
    POINTS = 2
    HOUSEHOLD_POINTS = 3
    UNIT_POINTS = 4
    SMALL_ENTERPRISE_POINTS = 5
    ENTERPRISE_POINTS = 6
    TEAM_POINTS = 7
    COMMUNITY_POINTS = 8


class Balance(models.Model):
    """An account's grams and points, and the running state that lets settlement skip history."""

    pk = models.CompositePrimaryKey("subject_id", "account_id")
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    reduction_mg = models.BigIntegerField()
    points = models.BigIntegerField()
    running = models.BinaryField()

    class Meta:
        db_table = "balance"


class PointsLot(models.Model):
    """Points that are spendable from one day on and expire after another, summed by both.

    Days are days since 1970-01-01; a lot that never expires has the last day there is.
    """

    pk = models.CompositePrimaryKey("subject_id", "account_id", "available_from", "expires_on")
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    points = models.BigIntegerField()
    available_from = models.IntegerField()
    expires_on = models.IntegerField()

    class Meta:
        db_table = "points_lot"


class SourceBalance(models.Model):
    """The issuing side of the double entry: what a programme gave out, below zero.

    One row a shard, so that two workers never meet in it. With the balances of the accounts, the
    sum of every unit is zero.
    """

    pk = models.CompositePrimaryKey("programme_id", "unit", "shard")
    amount = models.BigIntegerField()
    programme_id = models.SmallIntegerField()
    unit = models.SmallIntegerField(choices=Unit)
    shard = models.SmallIntegerField()

    class Meta:
        db_table = "source_balance"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(unit__in=Unit.values), name="source_balance_unit_known"
            ),
            models.CheckConstraint(
                condition=models.Q(shard__gte=0, shard__lt=SHARDS),
                name="source_balance_shard_known",
            ),
        ]


class LogEntry(models.Model):
    """The place of a settled piece in the log: gapless from 1, given after the piece committed."""

    position = models.BigIntegerField(primary_key=True)
    piece_id = models.BigIntegerField(unique=True)
    logged_at = models.DateTimeField()
    leaf_count = models.IntegerField()
    leaf_version = models.SmallIntegerField()
    leaf_root = models.BinaryField()

    class Meta:
        db_table = "log_entry"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(position__gte=1), name="log_entry_position_from_one"
            ),
        ]


class LogTile(models.Model):
    """The node over 256 neighbours of the log's tree: entries (height 1) or tiles below."""

    pk = models.CompositePrimaryKey("height", "number")
    number = models.BigIntegerField()
    height = models.SmallIntegerField()
    sm3 = models.BinaryField()
    sha256 = models.BinaryField()

    class Meta:
        db_table = "log_tile"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(height__gte=1, number__gte=0), name="log_tile_has_a_place"
            ),
            *(
                models.CheckConstraint(
                    condition=Exact(Length(digest), 32), name=f"log_tile_{digest}_is_32_bytes"
                )
                for digest in ("sm3", "sha256")
            ),
        ]


class LogRoot(models.Model):
    """A signed root over the first ``size`` entries. The roots are one chain.

    Besides what stands here, (previous_size, previous_digest) is a foreign key to (size, digest).
    """

    size = models.BigIntegerField(primary_key=True)
    previous_size = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    key_id = models.TextField()
    sm3 = models.BinaryField()
    sha256 = models.BinaryField()
    digest = models.BinaryField()
    previous_digest = models.BinaryField(null=True)
    document = models.BinaryField()

    class Meta:
        db_table = "log_root"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(size__gte=1), name="log_root_has_entries"),
            models.CheckConstraint(
                condition=models.Q(previous_size__isnull=True, previous_digest__isnull=True)
                | models.Q(previous_size__lt=models.F("size"), previous_digest__isnull=False),
                name="log_root_continues_a_smaller",
            ),
            models.UniqueConstraint(
                fields=["previous_size"], name="log_root_is_one_chain", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["size", "digest"], name="log_root_is_named_by_digest"),
            *(
                models.CheckConstraint(
                    condition=Exact(Length(digest), 32), name=f"log_root_{digest}_is_32_bytes"
                )
                for digest in ("sm3", "sha256", "digest")
            ),
        ]
