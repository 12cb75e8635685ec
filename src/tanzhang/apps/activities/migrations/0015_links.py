"""Outcomes across a person's linked subjects."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0014_appeals")]
    operations: ClassVar = []
