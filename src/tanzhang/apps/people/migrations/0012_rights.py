"""Who read what of a person, and what she asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0011_identity")]
    operations: ClassVar = []
