"""The hashes of leaves whose person was erased; the functions are in the file beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = """
drop function forget_batch_bodies(timestamptz);
drop function reduce_batch(bigint, uuid, bytea);
drop function reduce_part(bigint, smallint, integer, integer, bytea);
drop function reduce_count(bigint, bigint, bytea);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0011_reconciliation_parts"),
        ("people", "0013_erasure"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ErasedLeaf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "piece_id",
                        "event_key",
                        "outcome_no",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("event_key", models.UUIDField()),
                ("month", models.IntegerField()),
                ("outcome_no", models.SmallIntegerField()),
                ("leaf_hash", models.BinaryField()),
                ("row_digest", models.BinaryField()),
                (
                    "piece",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.piece",
                    ),
                ),
            ],
            options={
                "db_table": "erased_leaf",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            Exact(Length("leaf_hash"), 32), Exact(Length("row_digest"), 32)
                        ),
                        name="erased_leaf_hashes_are_32_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("row", models.SmallIntegerField()),
                ("line_hash", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.batch",
                    ),
                ),
            ],
            options={
                "db_table": "erased_line",
                "constraints": [
                    models.CheckConstraint(
                        condition=Exact(Length("line_hash"), 32),
                        name="erased_line_hash_is_32_bytes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
