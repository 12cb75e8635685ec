"""Who read what of a person, and what she asked for; more SQL is in the file beside."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = """
drop function forget_accesses();
drop trigger access_log_only_blanks on access_log;
drop function access_log_only_blanks();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0011_identity")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AccessCut",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("cut_at", models.DateTimeField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "access_cut",
                "constraints": [
                    models.CheckConstraint(
                        condition=Exact(Length("digest"), 32),
                        name="access_cut_digest_is_32_bytes",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "reader_kind",
                    models.TextField(
                        choices=[
                            ("citizen", "Citizen"),
                            ("staff", "Staff"),
                            ("partner", "Partner"),
                            ("system", "System"),
                            ("regulator", "Regulator"),
                        ]
                    ),
                ),
                ("reader", models.TextField()),
                ("purpose", models.TextField()),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("reason", models.TextField(null=True)),
                ("reason_digest", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("digest", models.BinaryField()),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.subject",
                    ),
                ),
            ],
            options={
                "db_table": "access_log",
                "indexes": [
                    models.Index(fields=["subject", "-position"], name="access_log_of_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)),
                        name="access_log_position_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reader_kind__in",
                                ["citizen", "staff", "partner", "system", "regulator"],
                            )
                        ),
                        name="access_log_reader_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reader", ""), _negated=True),
                        name="access_log_names_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True),
                        name="access_log_names_purpose",
                    ),
                    *(
                        models.CheckConstraint(
                            condition=Exact(Length(name), 32),
                            name=f"access_log_{name}_is_32_bytes",
                        )
                        for name in ("reason_digest", "previous", "digest")
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("correct", "Correct"),
                            ("restrict", "Restrict"),
                            ("delete", "Delete"),
                            ("explain", "Explain"),
                            ("guardian", "Guardian"),
                            ("next_of_kin", "Next Of Kin"),
                            ("other", "Other"),
                        ]
                    ),
                ),
                ("made_by", models.TextField()),
                ("words", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.subject"
                    ),
                ),
            ],
            options={
                "db_table": "rights_request",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    *("correct", "restrict", "delete", "explain"),
                                    *("guardian", "next_of_kin", "other"),
                                ],
                            )
                        ),
                        name="rights_request_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by", ""), _negated=True),
                        name="rights_request_names_who_made_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RightsStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "Open"),
                            ("working", "Working"),
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ]
                    ),
                ),
                ("made_by", models.TextField()),
                ("words", models.BinaryField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.rightsrequest",
                    ),
                ),
            ],
            options={
                "db_table": "rights_step",
                "indexes": [models.Index(fields=["request", "-id"], name="rights_step_of_request")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["open", "working", "waiting", "done", "refused", "withdrawn"],
                            )
                        ),
                        name="rights_step_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by", ""), _negated=True),
                        name="rights_step_names_who_made_it",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
