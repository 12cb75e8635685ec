"""How a person proves who she is, changes her number, comes back, and leaves."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0010_subjects")]
    operations: ClassVar = []
