"""Partners that hand their people over, by a signed link or by an identity provider of theirs."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0004_webhook_promises"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.TextField(
                choices=[
                    ("report", "Report"),
                    ("read_balance", "Read Balance"),
                    ("pull", "Pull"),
                    ("hand_over", "Hand Over"),
                ]
            ),
        ),
        migrations.RemoveConstraint(model_name="agreement", name="agreement_kind_known"),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["report", "read_balance", "pull", "hand_over"])),
                name="agreement_kind_known",
            ),
        ),
        migrations.CreateModel(
            name="PartnerOidc",
            fields=[
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="partners.partner",
                    ),
                ),
                ("issuer", models.TextField()),
                ("client_id", models.TextField()),
                ("secret_file", models.TextField()),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "partner_oidc",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("issuer", ""), _negated=True)
                        & models.Q(("client_id", ""), _negated=True)
                        & models.Q(("secret_file", ""), _negated=True),
                        name="partner_oidc_is_whole",
                    )
                ],
            },
        ),
    ]
