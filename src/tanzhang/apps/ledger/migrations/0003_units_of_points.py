"""Each kind of accounts may count points of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0002_roots")]

    operations: ClassVar = [
        migrations.RemoveConstraint("sourcebalance", "source_balance_unit_known"),
        migrations.AlterField(
            model_name="sourcebalance",
            name="unit",
            field=models.SmallIntegerField(
                choices=[
                    (1, "Reduction Mg"),
                    (2, "Points"),
                    (3, "Household Points"),
                    (4, "Unit Points"),
                    (5, "Small Enterprise Points"),
                    (6, "Enterprise Points"),
                    (7, "Team Points"),
                    (8, "Community Points"),
                ]
            ),
        ),
        migrations.AddConstraint(
            "sourcebalance",
            models.CheckConstraint(
                condition=models.Q(("unit__in", [1, 2, 3, 4, 5, 6, 7, 8])),
                name="source_balance_unit_known",
            ),
        ),
    ]
