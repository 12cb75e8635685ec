"""The table of what operators did, and their permissions."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).with_name("0001_words.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_name", models.TextField()),
                (
                    "verb",
                    models.TextField(
                        choices=[
                            ("held", "Held"),
                            ("released", "Released"),
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("added", "Added"),
                            ("changed", "Changed"),
                        ]
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("act", "Act"), ("proposal", "Proposal"), ("staff", "Staff")]
                    ),
                ),
                ("object_id", models.TextField()),
                ("note", models.TextField(blank=True)),
                ("subject_id", models.BigIntegerField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "console_action",
                "permissions": [
                    ("look", "Read every page of the console"),
                    ("hold", "Hold and release acts"),
                    ("propose", "Propose to put a version into force"),
                    ("approve", "Approve or decline a proposal of somebody else"),
                    ("audit", "Read what operators did"),
                    ("administer", "Add staff and give roles"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["kind", "object_id"], name="console_action_object"),
                    models.Index(
                        condition=models.Q(("subject_id__isnull", False)),
                        fields=["subject_id"],
                        name="console_action_subject",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
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
                                ],
                            )
                        ),
                        name="console_action_verb_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["act", "proposal", "staff"])),
                        name="console_action_kind_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, "drop function forget_actions(bigint)"),
    ]
