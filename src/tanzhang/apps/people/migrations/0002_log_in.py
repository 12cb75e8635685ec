"""Consent texts, and logging in: phones, one-time codes, used tickets."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

PAIR = """
alter table phone_login add constraint phone_login_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
"""

UNPAIR = "alter table phone_login drop constraint phone_login_account_of_subject"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField()),
                ("phone_index", models.BinaryField()),
                ("address_index", models.BinaryField()),
                ("code_hash", models.BinaryField()),
            ],
            options={
                "db_table": "one_time_code",
            },
        ),
        migrations.CreateModel(
            name="UsedTicket",
            fields=[
                ("nonce", models.BinaryField(primary_key=True, serialize=False)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "used_ticket",
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                (
                    "issued_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("code", models.TextField()),
                ("version", models.TextField()),
                ("zh", models.TextField()),
                ("en", models.TextField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "consent_text",
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="consent_text_once"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 32
                        ),
                        name="consent_text_digest_is_32_bytes",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="text",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.consenttext",
            ),
        ),
        migrations.CreateModel(
            name="PhoneLogin",
            fields=[
                ("phone_index", models.BinaryField(primary_key=True, serialize=False)),
                (
                    "linked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
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
                "db_table": "phone_login",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("phone_index"), 32
                        ),
                        name="phone_login_index_is_32_bytes",
                    )
                ],
            },
        ),
        migrations.RunSQL(PAIR, UNPAIR),
    ]
