"""The hashes of leaves whose person was erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0011_reconciliation_parts")]
    operations: ClassVar = []
