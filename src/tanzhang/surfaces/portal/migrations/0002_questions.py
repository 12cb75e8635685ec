"""Members answer questions about their reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("portal", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="portalaction", name="portal_action_verb_known"),
        migrations.AlterField(
            model_name="portalaction",
            name="verb",
            field=models.TextField(
                choices=[
                    ("key_added", "Key Added"),
                    ("key_rotated", "Key Rotated"),
                    ("key_revoked", "Key Revoked"),
                    ("webhook_opened", "Webhook Opened"),
                    ("webhook_closed", "Webhook Closed"),
                    ("message_replayed", "Message Replayed"),
                    ("span_replayed", "Span Replayed"),
                    ("count_compared", "Count Compared"),
                    ("member_added", "Member Added"),
                    ("member_closed", "Member Closed"),
                    ("password_renewed", "Password Renewed"),
                    ("password_changed", "Password Changed"),
                    ("question_answered", "Question Answered"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="portalaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
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
                            "question_answered",
                        ],
                    )
                ),
                name="portal_action_verb_known",
            ),
        ),
    ]
