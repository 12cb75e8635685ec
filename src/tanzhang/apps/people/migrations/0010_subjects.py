"""Kinds of accounts, and who belongs to whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0009_joining")]
    operations: ClassVar = []
