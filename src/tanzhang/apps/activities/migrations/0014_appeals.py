"""Appeals against what was decided, and incidents with whom they affect."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0013_authenticity")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField(db_index=True)),
                ("account_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("worth_mg", models.BigIntegerField()),
                ("event_key", models.UUIDField(db_index=True, null=True)),
                ("month", models.IntegerField(null=True)),
                ("outcome_no", models.SmallIntegerField(null=True)),
                ("status", models.SmallIntegerField(null=True)),
                (
                    "about",
                    models.TextField(choices=[("act", "Act"), ("account", "Account")]),
                ),
                ("made_by", models.TextField()),
                ("words", models.BinaryField()),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "appeal",
            },
        ),
        migrations.CreateModel(
            name="AppealStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("revision", models.IntegerField(null=True)),
                (
                    "move",
                    models.TextField(
                        choices=[
                            ("asked_partner", "Asked Partner"),
                            ("partner_answered", "Partner Answered"),
                            ("proposed", "Proposed"),
                            ("disagreed", "Disagreed"),
                            ("decided", "Decided"),
                            ("withdrawn", "Withdrawn"),
                        ]
                    ),
                ),
                (
                    "remedy",
                    models.TextField(
                        choices=[
                            ("none", "None"),
                            ("release", "Release"),
                            ("set_aside", "Set Aside"),
                            ("restate", "Restate"),
                            ("corrected", "Corrected"),
                            ("elsewhere", "Elsewhere"),
                        ],
                        null=True,
                    ),
                ),
                ("made_by", models.TextField()),
                ("words", models.BinaryField(null=True)),
                (
                    "appeal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.appeal",
                    ),
                ),
            ],
            options={
                "db_table": "appeal_step",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("noticed_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("people", models.BigIntegerField()),
                (
                    "suspect",
                    models.TextField(
                        choices=[
                            ("key", "Key"),
                            ("partner", "Partner"),
                            ("pack", "Pack"),
                            ("staff", "Staff"),
                            ("other", "Other"),
                        ]
                    ),
                ),
                ("name", models.TextField()),
                ("opened_by", models.TextField()),
                ("kinds", models.TextField()),
                ("cause", models.TextField()),
                ("harm", models.TextField()),
                ("remedy", models.TextField()),
            ],
            options={
                "db_table": "incident",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspect__in", ["key", "partner", "pack", "staff", "other"])
                        ),
                        name="incident_suspect_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_by", ""), _negated=True),
                            models.Q(("cause", ""), _negated=True),
                        ),
                        name="incident_says_who_and_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="incident_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "move",
                    models.TextField(
                        choices=[
                            ("reported", "Reported"),
                            ("notified", "Notified"),
                            ("noted", "Noted"),
                            ("closed", "Closed"),
                        ]
                    ),
                ),
                ("made_by", models.TextField()),
                ("words", models.TextField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="activities.incident"
                    ),
                ),
            ],
            options={
                "db_table": "incident_step",
            },
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["act", "account"])),
                name="appeal_about_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("about", "act"),
                        ("event_key__isnull", False),
                        ("month__isnull", False),
                        ("outcome_no__isnull", False),
                        ("partner__isnull", False),
                        ("status__isnull", False),
                    ),
                    models.Q(
                        models.Q(("about", "act"), _negated=True),
                        ("event_key", None),
                        ("month", None),
                        ("outcome_no", None),
                        ("partner", None),
                        ("status", None),
                    ),
                    _connector="OR",
                ),
                name="appeal_about_an_act_names_it",
            ),
        ),
        migrations.AddIndex(
            model_name="appealstep",
            index=models.Index(fields=["appeal", "-id"], name="appeal_step_of_appeal"),
        ),
        migrations.AddConstraint(
            model_name="appealstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move__in", ["decided", "withdrawn"])),
                fields=("appeal",),
                name="appeal_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "move__in",
                        [
                            "asked_partner",
                            "partner_answered",
                            "proposed",
                            "disagreed",
                            "decided",
                            "withdrawn",
                        ],
                    )
                ),
                name="appeal_step_move_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("move__in", ["proposed", "decided"]),
                        (
                            "remedy__in",
                            ["none", "release", "set_aside", "restate", "corrected", "elsewhere"],
                        ),
                    ),
                    models.Q(
                        models.Q(("move__in", ["proposed", "decided"]), _negated=True),
                        ("remedy", None),
                    ),
                    _connector="OR",
                ),
                name="appeal_step_decides_by_a_remedy",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("remedy", "restate"),
                        ("remedy__isnull", False),
                        ("revision__isnull", False),
                    ),
                    models.Q(models.Q(("remedy", "restate"), _negated=True), ("revision", None)),
                    _connector="OR",
                ),
                name="appeal_step_restates_a_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_by", ""), _negated=True),
                name="appeal_step_names_who_made_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("move__in", ["reported", "notified", "noted", "closed"])),
                name="incident_step_move_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_by", ""), _negated=True),
                name="incident_step_names_who_made_it",
            ),
        ),
    ]
