"""The held acts can be found among ten million: an index over the rows that say so, and no other.

Every month's partition, those to come included, takes it over from its parent. Posting a row that
is not held costs one comparison.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from tanzhang.engine.acts import Status

INDEX = f"create index activity_held on activity (started_us) where status = {int(Status.HELD)}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0003_changed_rules")]

    operations: ClassVar = [migrations.RunSQL(INDEX, "drop index activity_held")]
