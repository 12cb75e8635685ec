"""Which subjects are one person, and since when."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# Two links of one pair never hold at once. Ranges have the operator classes that plain numbers
# lack without an extension.
ONCE = """
alter table subject_link add constraint subject_link_holds_once exclude using gist (
    int8range(one_subject_id, one_subject_id, '[]') with &&,
    int8range(other_subject_id, other_subject_id, '[]') with &&,
    int4range(from_day, to_day) with &&
) where (withdrawn_at is null);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_channels")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SubjectLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "one_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.subject",
                    ),
                ),
                (
                    "other_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.subject",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("from_day", models.IntegerField()),
                ("to_day", models.IntegerField(null=True)),
                ("factor", models.TextField()),
                ("undone_why", models.TextField(null=True)),
            ],
            options={
                "db_table": "subject_link",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(one_subject__lt=models.F("other_subject")),
                        name="subject_link_names_the_lesser_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_day", None))
                        | models.Q(("to_day__gt", models.F("from_day"))),
                        name="subject_link_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("factor", ""), _negated=True),
                        name="subject_link_says_how_it_was_proved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_why__isnull", False),
                            models.Q(("to_day", None), ("withdrawn_at", None)),
                            _connector="OR",
                        ),
                        name="subject_link_says_why_it_was_undone",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONCE, "alter table subject_link drop constraint subject_link_holds_once"),
    ]
