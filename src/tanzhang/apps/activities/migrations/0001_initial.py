"""Identity, pieces, their queue and settlement, and claims."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("partners", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("claim_key", models.UUIDField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("started_us", models.BigIntegerField()),
                ("event_key", models.UUIDField()),
                ("month", models.IntegerField()),
                ("grade", models.SmallIntegerField()),
            ],
            options={
                "db_table": "claim",
            },
        ),
        migrations.CreateModel(
            name="ClaimRival",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "claim_key",
                        "event_key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("started_us", models.BigIntegerField()),
                ("claim_key", models.UUIDField()),
                ("event_key", models.UUIDField()),
                ("month", models.IntegerField()),
                ("grade", models.SmallIntegerField()),
            ],
            options={
                "db_table": "claim_rival",
            },
        ),
        migrations.CreateModel(
            name="EventIdentity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_key",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("content", models.BigIntegerField()),
                ("event_key", models.UUIDField()),
                ("revision", models.IntegerField()),
                ("month", models.IntegerField()),
            ],
            options={
                "db_table": "event_identity",
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                ("item_count", models.IntegerField()),
                ("shard", models.SmallIntegerField()),
                (
                    "kind",
                    models.SmallIntegerField(choices=[(0, "Report"), (1, "Resettle"), (2, "Hold")]),
                ),
                ("digest", models.BinaryField()),
                ("body", models.BinaryField()),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "piece",
            },
        ),
        migrations.CreateModel(
            name="PieceSettlement",
            fields=[
                (
                    "piece",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="activities.piece",
                    ),
                ),
                ("settled_at", models.DateTimeField()),
                ("item_count", models.IntegerField()),
                ("fast_count", models.IntegerField()),
                ("outcome_count", models.IntegerField()),
                ("leaf_version", models.SmallIntegerField()),
                ("leaf_root", models.BinaryField()),
            ],
            options={
                "db_table": "piece_settlement",
            },
        ),
        migrations.CreateModel(
            name="PieceQueue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shard",
                        "piece_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                (
                    "piece",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="activities.piece"
                    ),
                ),
            ],
            options={
                "db_table": "piece_queue",
            },
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(("shard__gte", 0), ("shard__lt", 64)), name="piece_shard_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [0, 1, 2])), name="piece_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(("item_count__gte", 1)), name="piece_has_items"
            ),
        ),
        # The body is compressed already.
        migrations.RunSQL(
            "alter table piece alter column body set storage external", migrations.RunSQL.noop
        ),
    ]
