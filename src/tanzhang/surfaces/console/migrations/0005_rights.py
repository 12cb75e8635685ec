"""Operators decide appeals and answer rights requests."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("console", "0004_reveal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="action", name="console_action_verb_known"),
        migrations.RemoveConstraint(model_name="action", name="console_action_kind_known"),
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
                    ("appeal", "Appeal"),
                    ("request", "Request"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="action",
            name="verb",
            field=models.TextField(
                choices=[
                    ("held", "Held"),
                    ("released", "Released"),
                    ("proposed", "Proposed"),
                    ("approved", "Approved"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("added", "Added"),
                    ("changed", "Changed"),
                    ("suspended", "Suspended"),
                    ("resumed", "Resumed"),
                    ("asked", "Asked"),
                    ("decided", "Decided"),
                    ("agreed", "Agreed"),
                    ("disagreed", "Disagreed"),
                    ("answered", "Answered"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "held",
                            "released",
                            "proposed",
                            "approved",
                            "declined",
                            "withdrawn",
                            "added",
                            "changed",
                            "suspended",
                            "resumed",
                            "asked",
                            "decided",
                            "agreed",
                            "disagreed",
                            "answered",
                        ],
                    )
                ),
                name="console_action_verb_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["act", "proposal", "staff", "partner", "suspicion", "appeal", "request"],
                    )
                ),
                name="console_action_kind_known",
            ),
        ),
    ]
