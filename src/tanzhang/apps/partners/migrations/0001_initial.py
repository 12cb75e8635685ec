"""Partners, and the keys with which people's rows refer to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

KEYS = """
alter table partner_link add constraint partner_link_partner
    foreign key (partner_id) references partner (id);
alter table consent add constraint consent_partner
    foreign key (partner_id) references partner (id);
"""

NO_KEYS = """
alter table consent drop constraint consent_partner;
alter table partner_link drop constraint partner_link_partner;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("programme_id", models.SmallIntegerField()),
                ("code", models.TextField(unique=True)),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                (
                    "id_time",
                    models.TextField(
                        choices=[
                            ("none", "None"),
                            ("uuid7", "Uuid7"),
                            ("ulid", "Ulid"),
                            ("date8", "Date8"),
                        ],
                        default="none",
                    ),
                ),
            ],
            options={
                "db_table": "partner",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="partner_has_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("id_time__in", ["none", "uuid7", "ulid", "date8"])),
                        name="partner_id_time_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
