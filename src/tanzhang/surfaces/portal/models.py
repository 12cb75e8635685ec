"""Who of a partner may come in, and what was done: the latter is added to, and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Role(models.TextChoices):
    """What a member may do: look, or look and change."""

    VIEWER = "viewer"
    MANAGER = "manager"


class Verb(models.TextChoices):
    """What can be done; each has a sentence in ``journal.py``."""

    KEY_ADDED = "key_added"
    KEY_ROTATED = "key_rotated"
    KEY_REVOKED = "key_revoked"
    WEBHOOK_OPENED = "webhook_opened"
    WEBHOOK_CLOSED = "webhook_closed"
    MESSAGE_REPLAYED = "message_replayed"
    SPAN_REPLAYED = "span_replayed"
    COUNT_COMPARED = "count_compared"
    MEMBER_ADDED = "member_added"
    MEMBER_CLOSED = "member_closed"
    PASSWORD_RENEWED = "password_renewed"
    PASSWORD_CHANGED = "password_changed"
    QUESTION_ANSWERED = "question_answered"


class PortalMember(models.Model):
    """A log-in that belongs to one partner, for good; who leaves is closed, not deleted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=Role)
    password_is_temporary = models.BooleanField()
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "portal_member"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="portal_member_role_known"
            ),
        ]


class PortalAction(models.Model):
    """One thing that a member did, or an operator for the partner. Append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: Empty for what an operator did; the name is then the operator's.
    actor = models.ForeignKey(PortalMember, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.TextField()
    verb = models.TextField(choices=Verb)
    object_id = models.TextField()  #: a key id, an address, a message, a day, a log-in
    note = models.TextField(blank=True)

    class Meta:
        db_table = "portal_action"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verb__in=Verb.values), name="portal_action_verb_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["partner", "-id"], name="portal_action_latest")]
