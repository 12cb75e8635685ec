"""Some roles may see personal data whole, for a reason that they give."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("console", "0003_suspicions")]

    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="action",
            options={
                "default_permissions": (),
                "permissions": [
                    ("look", "Read every page of the console"),
                    ("hold", "Hold and release acts"),
                    ("switch", "Suspend and resume partners"),
                    ("propose", "Propose to put a version into force"),
                    ("approve", "Approve or decline a proposal of somebody else"),
                    ("audit", "Read what operators did"),
                    ("administer", "Add staff and give roles"),
                    ("reveal", "See personal data whole, for a reason"),
                ],
            },
        ),
    ]
