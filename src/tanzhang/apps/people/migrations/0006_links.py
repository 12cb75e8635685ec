"""Which subjects are one person, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_channels")]
    operations: ClassVar = []
