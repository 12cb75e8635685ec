"""Outcomes and cuts, partitioned by month; the SQL is in the file beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = """
drop function ensure_months(integer[]);
drop table cut;
drop table activity;
alter table source_balance drop constraint source_balance_programme;
alter table log_entry drop constraint log_entry_piece;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            SQL,
            REVERSE,
            state_operations=[
                migrations.CreateModel(
                    name="Activity",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "subject_id",
                                "month",
                                "event_key",
                                "outcome_no",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("started_us", models.BigIntegerField()),
                        ("ended_us", models.BigIntegerField()),
                        ("account_id", models.BigIntegerField()),
                        ("piece_id", models.BigIntegerField()),
                        ("gross_mg", models.BigIntegerField()),
                        ("credited_mg", models.BigIntegerField()),
                        ("q1", models.BigIntegerField(null=True)),
                        ("q2", models.BigIntegerField(null=True)),
                        ("q3", models.BigIntegerField(null=True)),
                        ("q4", models.BigIntegerField(null=True)),
                        ("event_key", models.UUIDField()),
                        ("item_key", models.UUIDField(null=True)),
                        ("lost_to", models.UUIDField(null=True)),
                        ("points", models.IntegerField()),
                        ("month", models.IntegerField()),
                        ("day", models.IntegerField()),
                        ("revision", models.IntegerField()),
                        ("outcome_no", models.SmallIntegerField()),
                        ("pack_id", models.SmallIntegerField()),
                        ("pack_version_id", models.SmallIntegerField(null=True)),
                        ("scene_id", models.SmallIntegerField()),
                        ("partner_id", models.SmallIntegerField()),
                        ("programme_id", models.SmallIntegerField()),
                        ("grade", models.SmallIntegerField()),
                        ("state", models.SmallIntegerField()),
                        ("status", models.SmallIntegerField()),
                        ("reason", models.SmallIntegerField()),
                        (
                            "cause",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "Reported"),
                                    (1, "Corrected"),
                                    (2, "Withdrawn"),
                                    (3, "Neighbour Changed"),
                                    (4, "Moved"),
                                    (5, "Held Or Released"),
                                    (6, "Rules Changed"),
                                ]
                            ),
                        ),
                        ("consent", models.BooleanField()),
                    ],
                    options={
                        "db_table": "activity",
                    },
                ),
                migrations.CreateModel(
                    name="Cut",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "subject_id",
                                "month",
                                "event_key",
                                "outcome_no",
                                "limit_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("mg", models.BigIntegerField()),
                        ("event_key", models.UUIDField()),
                        ("month", models.IntegerField()),
                        ("limit_id", models.IntegerField()),
                        ("outcome_no", models.SmallIntegerField()),
                    ],
                    options={
                        "db_table": "cut",
                    },
                ),
            ],
        ),
    ]
