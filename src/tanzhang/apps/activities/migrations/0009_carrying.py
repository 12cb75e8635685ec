"""What citizens carry to other installations, and bring from them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0008_suspicion"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CarriedAway",
            fields=[
                ("event_key", models.UUIDField(primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                (
                    "first_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("audience", models.TextField()),
            ],
            options={
                "db_table": "carried_away",
            },
        ),
        migrations.CreateModel(
            name="CarriedStatement",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("installation", models.TextField()),
                (
                    "taken_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("accepted", models.IntegerField()),
                ("refused", models.IntegerField()),
                ("answer", models.BinaryField()),
            ],
            options={
                "db_table": "carried_statement",
                "indexes": [
                    models.Index(fields=["account_id"], name="carried_statement_of_account")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 32
                        ),
                        name="carried_statement_digest_is_32_bytes",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownInstallation",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("installation", models.TextField()),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("key_file", models.BinaryField()),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("added_by", models.TextField()),
            ],
            options={
                "db_table": "known_installation",
                "indexes": [
                    models.Index(fields=["installation", "-id"], name="known_installation_last")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_by", ""), _negated=True),
                            models.Q(("installation", ""), _negated=True),
                        ),
                        name="known_installation_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CarriedEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "installation",
                        "event_key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField(db_index=True)),
                ("subject_id", models.BigIntegerField()),
                ("started_us", models.BigIntegerField()),
                ("ended_us", models.BigIntegerField()),
                ("total_mg", models.BigIntegerField()),
                ("event_key", models.UUIDField()),
                ("installation", models.TextField()),
                ("scene", models.TextField()),
                ("pack", models.TextField()),
                ("version", models.TextField()),
                (
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.carriedstatement",
                    ),
                ),
            ],
            options={
                "db_table": "carried_entry",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total_mg__gt", 0)), name="carried_entry_has_grams"
                    )
                ],
            },
        ),
    ]
