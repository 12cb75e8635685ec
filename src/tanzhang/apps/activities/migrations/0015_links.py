"""Pieces that ask for people to be settled again who are linked, or linked no more."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0014_appeals"), ("people", "0006_links")]

    operations: ClassVar = [
        migrations.RemoveConstraint("piece", "piece_kind_known"),
        migrations.AlterField(
            "piece",
            "kind",
            models.SmallIntegerField(
                choices=[
                    (0, "Report"),
                    (1, "Resettle"),
                    (2, "Hold"),
                    (3, "Neighbour"),
                    (4, "Restate"),
                    (5, "Relink"),
                ]
            ),
        ),
        migrations.AddConstraint(
            "piece",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [0, 1, 2, 3, 4, 5])), name="piece_kind_known"
            ),
        ),
        migrations.AlterField(
            "activity",
            "cause",
            models.SmallIntegerField(
                choices=[
                    (0, "Reported"),
                    (1, "Corrected"),
                    (2, "Withdrawn"),
                    (3, "Neighbour Changed"),
                    (4, "Moved"),
                    (5, "Held Or Released"),
                    (6, "Rules Changed"),
                    (7, "Linked"),
                ]
            ),
        ),
    ]
