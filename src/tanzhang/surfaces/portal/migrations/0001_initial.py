"""Who of a partner may come in, and what was done in its name."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ROLES = ("viewer", "manager")
VERBS = (
    "key_added",
    "key_rotated",
    "key_revoked",
    "webhook_opened",
    "webhook_closed",
    "message_replayed",
    "span_replayed",
    "count_compared",
    "member_added",
    "member_closed",
    "password_renewed",
    "password_changed",
)


def _choices(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ").title()) for name in names]


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("partners", "0003_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PortalMember",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("role", models.TextField(choices=_choices(ROLES))),
                ("password_is_temporary", models.BooleanField()),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "portal_member",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", list(ROLES))),
                        name="portal_member_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalAction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_name", models.TextField()),
                ("verb", models.TextField(choices=_choices(VERBS))),
                ("object_id", models.TextField()),
                ("note", models.TextField(blank=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.portalmember",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "db_table": "portal_action",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["partner", "-id"], name="portal_action_latest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verb__in", list(VERBS))),
                        name="portal_action_verb_known",
                    ),
                ],
            },
        ),
    ]
