"""The lines of a day in parts, so that no day is too long to be stored or fetched."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

#: The digests stand in the statement, which comes last: so a part may come before its file.
SQL = """
insert into reconciliation_part (partner_id, day, part, body)
    select partner_id, day, 1, detail from reconciliation_file;
alter table reconciliation_part add constraint reconciliation_part_of_file
    foreign key (partner_id, day) references reconciliation_file (partner_id, day)
    deferrable initially deferred;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0010_months_made_once"),
        ("partners", "0004_webhook_promises"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ReconciliationPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "day",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.IntegerField()),
                ("part", models.IntegerField()),
                ("body", models.BinaryField()),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "reconciliation_part",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__gte", 1)),
                        name="reconciliation_part_is_counted_from_1",
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="reconciliationfile", name="detail"),
    ]
