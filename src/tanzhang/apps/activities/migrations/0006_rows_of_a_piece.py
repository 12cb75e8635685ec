"""The outcomes of one piece can be found among ten million, to derive its leaves again.

Rows of a piece lie together as they were posted, so that an index of a few pages says where; every
month's partition takes it over from its parent.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

INDEX = """
create index activity_piece on activity using brin (piece_id)
    with (pages_per_range = 32, autosummarize = on)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0005_batch")]

    operations: ClassVar = [migrations.RunSQL(INDEX, "drop index activity_piece")]
