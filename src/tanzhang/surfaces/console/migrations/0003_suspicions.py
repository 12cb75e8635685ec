"""Operators propose and decide how suspicions end."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("console", "0002_partners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="action",
            name="console_action_kind_known",
        ),
        migrations.AlterField(
            model_name="action",
            name="kind",
            field=models.TextField(
                choices=[
                    ("act", "Act"),
                    ("proposal", "Proposal"),
                    ("staff", "Staff"),
                    ("partner", "Partner"),
                    ("suspicion", "Suspicion"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["act", "proposal", "staff", "partner", "suspicion"])
                ),
                name="console_action_kind_known",
            ),
        ),
    ]
