"""Batches: what came, what was answered, and by which key each event is found again."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = "drop function forget_batch_bodies()"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0004_held"),
        ("partners", "0002_doors"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                (
                    "channel",
                    models.TextField(choices=[("api", "Api"), ("pull", "Pull"), ("file", "File")]),
                ),
                ("key_id", models.TextField(null=True)),
                ("idempotency_key", models.TextField(null=True)),
                ("canonical", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("body_digest", models.BinaryField()),
                ("item_count", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("duplicate", models.IntegerField()),
                ("conflict", models.IntegerField()),
                ("rejected", models.IntegerField()),
                ("held", models.IntegerField()),
                (
                    "dropped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("merkle_root", models.BinaryField()),
                ("receipt_digest", models.BinaryField()),
                ("results", models.BinaryField()),
                (
                    "piece_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "batch",
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_key",
                        "batch_id",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event_key", models.UUIDField()),
                ("batch_id", models.UUIDField()),
                ("row", models.SmallIntegerField()),
            ],
            options={
                "db_table": "batch_item",
            },
        ),
        migrations.CreateModel(
            name="BatchBody",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="activities.batch",
                    ),
                ),
                ("received_at", models.DateTimeField(db_index=True)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "batch_body",
            },
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["partner", "received_at"], name="batch_of_partner"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["api", "pull", "file"])),
                name="batch_channel_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "item_count",
                        models.F("accepted")
                        + models.F("duplicate")
                        + models.F("conflict")
                        + models.F("rejected")
                        + models.F("held"),
                    ),
                    ("item_count__gte", 1),
                ),
                name="batch_counts_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted__gte", 0),
                    ("duplicate__gte", 0),
                    ("conflict__gte", 0),
                    ("rejected__gte", 0),
                    ("held__gte", 0),
                ),
                name="batch_counts_are_no_debts",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(
                        django.db.models.functions.text.Length("body_digest"), 32
                    ),
                    django.db.models.lookups.Exact(
                        django.db.models.functions.text.Length("merkle_root"), 32
                    ),
                    django.db.models.lookups.Exact(
                        django.db.models.functions.text.Length("receipt_digest"), 32
                    ),
                ),
                name="batch_digests_are_32_bytes",
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
