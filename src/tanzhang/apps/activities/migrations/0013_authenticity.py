"""What a device said of an act, and how likely it is true."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0012_erasure")]
    operations: ClassVar = []
