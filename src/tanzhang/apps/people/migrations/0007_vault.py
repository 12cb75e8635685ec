"""Personal data, sealed under each person's own key."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0006_links")]
    operations: ClassVar = []
