"""Who may join, by which form, and who tries what first."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0008_consent")]
    operations: ClassVar = []
