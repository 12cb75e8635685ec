"""Who was erased, and the states of accounts; the functions are in the file beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = """
drop function forget_words(bigint);
drop function forget_subject(bigint, bytea, bigint[], text[]);
drop function is_being_erased(bigint);
"""

STATES = [
    ("open", "Open"),
    ("restricted", "Restricted"),
    ("dormant", "Dormant"),
    ("frozen", "Frozen"),
    ("closed", "Closed"),
    ("erased", "Erased"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0012_rights")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AccountState",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_default=Now())),
                ("state", models.TextField(choices=STATES)),
                ("reason", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
            ],
            options={
                "db_table": "account_state",
                "indexes": [models.Index(fields=["account", "-id"], name="account_state_last")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", [name for name, _ in STATES])),
                        name="account_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="account_state_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("was_here", models.BooleanField()),
                ("transaction", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("carried_out_at", models.DateTimeField(db_default=Now())),
                ("mark", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "erasure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="erasure_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("mark"), 16), name="erasure_mark_is_16_bytes"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("digest"), 32), name="erasure_digest_is_32_bytes"
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
