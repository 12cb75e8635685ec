"""Operators may suspend and resume partners."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("console", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="action",
            options={
                "default_permissions": (),
                "permissions": [
                    ("look", "Read every page of the console"),
                    ("hold", "Hold and release acts"),
                    ("switch", "Suspend and resume partners"),
                    ("propose", "Propose to put a version into force"),
                    ("approve", "Approve or decline a proposal of somebody else"),
                    ("audit", "Read what operators did"),
                    ("administer", "Add staff and give roles"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="action",
            name="console_action_verb_known",
        ),
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
                        ],
                    )
                ),
                name="console_action_verb_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["act", "proposal", "staff", "partner"])),
                name="console_action_kind_known",
            ),
        ),
    ]
