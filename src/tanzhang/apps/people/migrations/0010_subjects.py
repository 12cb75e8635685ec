"""Kinds of accounts, and who belongs to whom."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

# Numbers become ranges of one number, because those have the operators that an exclusion needs.
ONCE_AT_A_TIME = """
alter table membership add constraint membership_once_at_a_time exclude using gist (
    int8range(parent_id, parent_id, '[]') with &&,
    int8range(member_id, member_id, '[]') with &&,
    int4range(from_day, to_day) with &&
);
-- Posting asks for accounts in other units than most count in; there are few of them, or none.
create index account_in_other_points on account (id) where points_unit <> 2;
"""

NOT_ONCE = """
drop index account_in_other_points;
alter table membership drop constraint membership_once_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0009_joining")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="account",
            name="kind",
            field=models.SmallIntegerField(
                choices=[
                    (0, "Person"),
                    (1, "Household"),
                    (2, "Unit"),
                    (3, "Small Enterprise"),
                    (4, "Enterprise"),
                    (5, "Team"),
                    (6, "Community"),
                ],
                db_default=0,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="points_unit",
            field=models.SmallIntegerField(db_default=2),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__gte", 0), ("kind__lte", 6)), name="account_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("points_unit__gte", 2), ("points_unit__lte", 8)),
                name="account_points_unit_is_known",
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_day", models.IntegerField()),
                ("to_day", models.IntegerField(null=True)),
                (
                    "role",
                    models.TextField(
                        choices=[("manager", "Manager"), ("member", "Member"), ("child", "Child")]
                    ),
                ),
                ("shows_share", models.BooleanField(db_default=False)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("made_by", models.TextField()),
                ("ended_by", models.TextField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
            ],
            options={
                "db_table": "membership",
                "indexes": [models.Index(fields=["parent"], name="membership_of_parent")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("member")), _negated=True),
                        name="membership_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day", None),
                            ("to_day__gte", models.F("from_day")),
                            _connector="OR",
                        ),
                        name="membership_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("to_day", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("to_day__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="membership_end_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["manager", "member", "child"])),
                        name="membership_role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("code_hash", models.BinaryField(unique=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.account",
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("code_hash"), 32
                        ),
                        name="invitation_hash_is_32_bytes",
                    )
                ],
            },
        ),
        migrations.RunSQL(ONCE_AT_A_TIME, NOT_ONCE),
    ]
