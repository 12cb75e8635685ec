"""Personal data, sealed under each person's own key, and indexes that can be keyed anew."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

PROTECT = django.db.models.deletion.PROTECT

KEYS = [
    migrations.CreateModel(
        name="MasterKey",
        fields=[
            ("id", models.SmallAutoField(primary_key=True, serialize=False)),
            ("made_at", models.DateTimeField(db_default=Now())),
            ("key_id", models.TextField()),
            ("wrapped", models.BinaryField()),
        ],
        options={"db_table": "master_key"},
    ),
    migrations.CreateModel(
        name="PersonKey",
        fields=[
            (
                "subject",
                models.OneToOneField(
                    on_delete=PROTECT,
                    primary_key=True,
                    serialize=False,
                    to="people.subject",
                ),
            ),
            ("made_at", models.DateTimeField(db_default=Now())),
            ("master", models.ForeignKey(null=True, on_delete=PROTECT, to="people.masterkey")),
            ("sealed", models.BinaryField(null=True)),
            ("destroyed_at", models.DateTimeField(null=True)),
        ],
        options={
            "db_table": "person_key",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("destroyed_at__isnull", True),
                        ("master__isnull", False),
                        ("sealed__isnull", False),
                    )
                    | models.Q(
                        ("destroyed_at__isnull", False),
                        ("master__isnull", True),
                        ("sealed__isnull", True),
                    ),
                    name="person_key_is_there_or_destroyed",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="IndexKey",
        fields=[
            ("id", models.SmallAutoField(primary_key=True, serialize=False)),
            ("made_at", models.DateTimeField(db_default=Now())),
            (
                "master",
                models.ForeignKey(db_index=False, on_delete=PROTECT, to="people.masterkey"),
            ),
            ("sealed", models.BinaryField()),
        ],
        options={"db_table": "index_key"},
    ),
    migrations.CreateModel(
        name="InstallationSecret",
        fields=[
            ("id", models.SmallIntegerField(db_default=1, primary_key=True, serialize=False)),
            ("made_at", models.DateTimeField(db_default=Now())),
            ("sealed", models.BinaryField()),
            (
                "master",
                models.ForeignKey(db_index=False, on_delete=PROTECT, to="people.masterkey"),
            ),
        ],
        options={
            "db_table": "installation_secret",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("id", 1)), name="installation_secret_is_one"
                )
            ],
        },
    ),
]

FIELDS = migrations.CreateModel(
    name="PersonalField",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "subject_id",
                "field",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("field", models.TextField()),
        ("stored_at", models.DateTimeField(db_default=Now())),
        ("sealed", models.BinaryField()),
        ("blind_index", models.BinaryField(null=True)),
        ("index_key", models.ForeignKey(null=True, on_delete=PROTECT, to="people.indexkey")),
        ("subject", models.ForeignKey(db_index=False, on_delete=PROTECT, to="people.subject")),
    ],
    options={
        "db_table": "personal_field",
        "indexes": [
            models.Index(
                condition=models.Q(("blind_index__isnull", False)),
                fields=["blind_index"],
                name="personal_field_found",
            )
        ],
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("blind_index", None), ("index_key", None))
                | models.Q(("blind_index__isnull", False), ("index_key__isnull", False)),
                name="personal_field_index_has_key",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blind_index", None), Exact(Length("blind_index"), 32), _connector="OR"
                    )
                ),
                name="personal_field_index_is_32_bytes",
            ),
        ],
    },
)

#: Numbers that were linked before have no box: they are found by the installation's secret.
PHONES = [
    migrations.AddField(
        model_name="phonelogin",
        name="index_key",
        field=models.ForeignKey(null=True, on_delete=PROTECT, to="people.indexkey"),
    ),
    migrations.AddField(
        model_name="phonelogin",
        name="sealed",
        field=models.BinaryField(null=True),
    ),
    migrations.AddConstraint(
        model_name="phonelogin",
        constraint=models.CheckConstraint(
            condition=models.Q(("index_key", None), ("sealed", None))
            | models.Q(("index_key__isnull", False), ("sealed__isnull", False)),
            name="phone_login_index_has_key",
        ),
    ),
    migrations.AddField(
        model_name="onetimecode",
        name="sealed_phone",
        field=models.TextField(null=True),
    ),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0006_links")]
    operations: ClassVar = [*KEYS, FIELDS, *PHONES]
