"""Roots of the log, one chain, and the tiles that they are computed from."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

# A root names the one before it by size and digest, and that one must be there.
CHAIN = """
alter table log_root add constraint log_root_previous
    foreign key (previous_size, previous_digest) references log_root (size, digest);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="LogTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "height",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("height", models.SmallIntegerField()),
                ("sm3", models.BinaryField()),
                ("sha256", models.BinaryField()),
            ],
            options={
                "db_table": "log_tile",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("height__gte", 1), ("number__gte", 0)),
                        name="log_tile_has_a_place",
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("sm3"), 32), name="log_tile_sm3_is_32_bytes"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("sha256"), 32), name="log_tile_sha256_is_32_bytes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogRoot",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous_size", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("key_id", models.TextField()),
                ("sm3", models.BinaryField()),
                ("sha256", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("previous_digest", models.BinaryField(null=True)),
                ("document", models.BinaryField()),
            ],
            options={
                "db_table": "log_root",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)), name="log_root_has_entries"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("previous_digest__isnull", True), ("previous_size__isnull", True)
                            ),
                            models.Q(
                                ("previous_digest__isnull", False),
                                ("previous_size__lt", models.F("size")),
                            ),
                            _connector="OR",
                        ),
                        name="log_root_continues_a_smaller",
                    ),
                    models.UniqueConstraint(
                        fields=("previous_size",),
                        name="log_root_is_one_chain",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        fields=("size", "digest"), name="log_root_is_named_by_digest"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("sm3"), 32), name="log_root_sm3_is_32_bytes"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("sha256"), 32), name="log_root_sha256_is_32_bytes"
                    ),
                    models.CheckConstraint(
                        condition=Exact(Length("digest"), 32), name="log_root_digest_is_32_bytes"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
    ]
