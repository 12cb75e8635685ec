"""What a person says against a decision, and what people decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0013_authenticity")]
    operations: ClassVar = []
