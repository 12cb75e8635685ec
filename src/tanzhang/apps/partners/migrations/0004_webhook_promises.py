"""What partners will be told once it is so."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0003_webhooks"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="WebhookPromise",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "about",
                        "partner_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField()),
                ("about", models.TextField()),
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
                "db_table": "webhook_promise",
            },
        ),
    ]
