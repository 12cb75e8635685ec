"""Balances, lots, the issuing side, and the log."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

# A balance is rewritten at every posting: half of each page is kept free, so that the new row lies
# beside the old one and the index stays as it is. The running state does not compress.
HOT = """
alter table balance set (fillfactor = 50);
alter table balance alter column running set storage external;
alter table points_lot set (fillfactor = 50);
alter table source_balance set (fillfactor = 50);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("reduction_mg", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
                ("running", models.BinaryField()),
            ],
            options={
                "db_table": "balance",
            },
        ),
        migrations.CreateModel(
            name="PointsLot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "account_id",
                        "available_from",
                        "expires_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
                ("available_from", models.IntegerField()),
                ("expires_on", models.IntegerField()),
            ],
            options={
                "db_table": "points_lot",
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("piece_id", models.BigIntegerField(unique=True)),
                ("logged_at", models.DateTimeField()),
                ("leaf_count", models.IntegerField()),
                ("leaf_version", models.SmallIntegerField()),
                ("leaf_root", models.BinaryField()),
            ],
            options={
                "db_table": "log_entry",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="log_entry_position_from_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceBalance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "unit",
                        "shard",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("programme_id", models.SmallIntegerField()),
                ("unit", models.SmallIntegerField(choices=[(1, "Reduction Mg"), (2, "Points")])),
                ("shard", models.SmallIntegerField()),
            ],
            options={
                "db_table": "source_balance",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", [1, 2])), name="source_balance_unit_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shard__gte", 0), ("shard__lt", 64)),
                        name="source_balance_shard_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(HOT, migrations.RunSQL.noop),
    ]
