"""Operators propose, decide and end impact assessments."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

KINDS = [
    *("act", "proposal", "staff", "partner", "suspicion", "appeal", "request"),
    *("case", "account", "stage", "assessment"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("console", "0007_stages")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="action", name="console_action_kind_known"),
        migrations.AlterField(
            model_name="action",
            name="kind",
            field=models.TextField(choices=[(kind, kind.title()) for kind in KINDS]),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="console_action_kind_known"
            ),
        ),
    ]
