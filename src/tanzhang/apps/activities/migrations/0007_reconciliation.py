"""Files of a day for partners, and what partners counted themselves."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0006_rows_of_a_piece"),
        ("partners", "0004_webhook_promises"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OwnCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.IntegerField()),
                (
                    "given_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("breaks", models.IntegerField()),
                ("comparison", models.BinaryField()),
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
                "db_table": "own_count",
                "indexes": [models.Index(fields=["partner", "day", "-id"], name="own_count_last")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("breaks__gte", 0)), name="own_count_breaks_are_counted"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationFile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("row_count", models.IntegerField()),
                ("detail_sm3", models.BinaryField()),
                ("statement", models.BinaryField()),
                ("detail", models.BinaryField()),
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
                "db_table": "reconciliation_file",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("detail_sm3"), 32
                        ),
                        name="reconciliation_file_digest_is_32_bytes",
                    )
                ],
            },
        ),
    ]
