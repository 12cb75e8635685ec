"""Letting partners read a balance, and who read what."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0003_kind"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SharingConsent",
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
                (
                    "text",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.consenttext",
                    ),
                ),
            ],
            options={
                "db_table": "sharing_consent",
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("partner_id", models.SmallIntegerField()),
                ("what", models.TextField()),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.subject",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.sharingconsent",
                    ),
                ),
            ],
            options={
                "db_table": "disclosure",
            },
        ),
        migrations.AddConstraint(
            model_name="sharingconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_us", None), ("to_us__gte", models.F("from_us")), _connector="OR"
                ),
                name="sharing_consent_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingconsent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_us", None)),
                fields=("account", "partner_id"),
                name="sharing_consent_open_once",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["subject", "-id"], name="disclosure_of_subject"),
        ),
        migrations.RunSQL(
            """
            alter table sharing_consent add constraint sharing_consent_of_account
                foreign key (account_id, subject_id) references account (id, subject_id);
            """,
            "alter table sharing_consent drop constraint sharing_consent_of_account;",
        ),
    ]
