"""How strong the evidence of a partner's acts may be, and who else approved an agreement.

Agreements of before may go as far as every methodology does, or as far as their own default.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0005_entry"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="agreement",
            name="most_grade",
            field=models.SmallIntegerField(default=3),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agreement",
            name="approved_by",
            field=models.TextField(null=True),
        ),
        migrations.RunSQL(
            "update agreement set most_grade = default_grade where most_grade < default_grade",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_grade__gte", models.F("default_grade"))),
                name="agreement_grades_fit",
            ),
        ),
    ]
