"""Consent by purpose, and what it takes to process sensitive data."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0007_vault")]
    operations: ClassVar = []
