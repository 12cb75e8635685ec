"""Packs, programmes, scenes, limits, and the keys by which lower rooms refer to programmes."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

KEYS = """
alter table account add constraint account_programme
    foreign key (programme_id) references programme (id);
alter table partner add constraint partner_programme
    foreign key (programme_id) references programme (id);
"""

NO_KEYS = """
alter table partner drop constraint partner_programme;
alter table account drop constraint account_programme;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [("people", "0001_initial"), ("partners", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                ("path", models.TextField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "source_file",
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
            ],
            options={
                "db_table": "pack",
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
                ("time_zone", models.TextField()),
            ],
            options={
                "db_table": "programme",
            },
        ),
        migrations.CreateModel(
            name="LimitName",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("owner", models.TextField()),
                ("name", models.TextField()),
            ],
            options={
                "db_table": "limit_name",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="limit_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PackVersion",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                (
                    "loaded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
                ("version", models.TextField()),
                ("digest", models.BinaryField()),
                ("source", models.JSONField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="catalogue.pack"
                    ),
                ),
            ],
            options={
                "db_table": "pack_version",
                "constraints": [
                    models.UniqueConstraint(fields=("pack", "version"), name="pack_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lt", models.F("valid_to"))),
                        name="pack_version_has_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeVersion",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                (
                    "loaded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("valid_from", models.IntegerField()),
                ("valid_to", models.IntegerField()),
                ("version", models.TextField()),
                ("digest", models.BinaryField()),
                ("source", models.JSONField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="catalogue.programme"
                    ),
                ),
            ],
            options={
                "db_table": "programme_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "version"), name="programme_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lt", models.F("valid_to"))),
                        name="programme_version_has_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scene",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="catalogue.pack"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="catalogue.programme"
                    ),
                ),
            ],
            options={
                "db_table": "scene",
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="scene_once")
                ],
            },
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
