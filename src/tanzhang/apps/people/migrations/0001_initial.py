"""Subjects, accounts, links, consent, and the installation's one row."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PAIRS = """
alter table partner_link add constraint partner_link_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table consent add constraint consent_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
"""

UNPAIR = """
alter table consent drop constraint consent_account_of_subject;
alter table partner_link drop constraint partner_link_account_of_subject;
"""


def found(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    installations = apps.get_model("people", "Installation").objects
    installations.using(schema_editor.connection.alias).create(id=1)


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.SmallIntegerField(db_default=1, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "installation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="installation_is_one_row"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BinaryField()),
            ],
            options={
                "db_table": "subject",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("key"), 32
                        ),
                        name="subject_key_is_32_bytes",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("joined_day", models.IntegerField()),
                ("programme_id", models.SmallIntegerField()),
                ("handle", models.TextField(unique=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.subject"
                    ),
                ),
            ],
            options={
                "db_table": "account",
            },
        ),
        migrations.CreateModel(
            name="PartnerLink",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "person_ref",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("partner_id", models.SmallIntegerField()),
                ("person_ref", models.BinaryField()),
                ("phone_told", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.subject",
                    ),
                ),
            ],
            options={
                "db_table": "partner_link",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("person_ref"), 16
                        ),
                        name="partner_link_ref_is_16_bytes",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_us", models.BigIntegerField()),
                ("to_us", models.BigIntegerField(null=True)),
                ("partner_id", models.SmallIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.subject",
                    ),
                ),
            ],
            options={
                "db_table": "consent",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_us", None), ("to_us__gte", models.F("from_us")), _connector="OR"
                        ),
                        name="consent_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_us", None)),
                        fields=("account", "partner_id"),
                        name="consent_open_once",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("id", "subject"), name="account_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("handle", ""), _negated=True), name="account_has_handle"
            ),
        ),
        migrations.RunSQL(PAIRS, UNPAIR),
        migrations.RunPython(found, migrations.RunPython.noop),
    ]
