"""Logging in by other platforms' log-ins; hand-overs are signed with partners' keys now."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

PAIR = """
alter table channel_login add constraint channel_login_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
"""

UNPAIR = "alter table channel_login drop constraint channel_login_account_of_subject"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0004_sharing"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ChannelLogin",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "channel",
                        "subject_index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("channel", models.TextField()),
                ("subject_index", models.BinaryField()),
                (
                    "linked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.subject",
                    ),
                ),
            ],
            options={
                "db_table": "channel_login",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "channel"), name="channel_login_one_a_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["wechat", "alipay"])),
                        name="channel_login_channel_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("subject_index"), 32
                        ),
                        name="channel_login_index_is_32_bytes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PAIR, UNPAIR),
        migrations.DeleteModel(name="UsedTicket"),
    ]
