"""Outcomes remember the lot of their points; pieces for neighbours are told from changed rules.

Nothing was released before, so that no row has points in a lot that it does not name.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0002_by_month"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "activity", "available_after_days", models.SmallIntegerField(null=True)
        ),
        migrations.AddField("activity", "expires_after_years", models.SmallIntegerField(null=True)),
        migrations.RemoveConstraint("piece", "piece_kind_known"),
        migrations.AlterField(
            "piece",
            "kind",
            models.SmallIntegerField(
                choices=[(0, "Report"), (1, "Resettle"), (2, "Hold"), (3, "Neighbour")]
            ),
        ),
        migrations.AddConstraint(
            "piece",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [0, 1, 2, 3])), name="piece_kind_known"
            ),
        ),
    ]
