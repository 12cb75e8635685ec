"""What operators did: rows that are added, and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Verb(models.TextChoices):
    """What an operator can do; each has a sentence in ``journal.py``."""

    HELD = "held"
    RELEASED = "released"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ADDED = "added"
    CHANGED = "changed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ASKED = "asked"  #: the partner, about an appeal
    DECIDED = "decided"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    ANSWERED = "answered"


class Kind(models.TextChoices):
    """What an operator can do it to."""

    ACT = "act"
    PROPOSAL = "proposal"
    STAFF = "staff"
    PARTNER = "partner"
    SUSPICION = "suspicion"
    APPEAL = "appeal"
    REQUEST = "request"
    CASE = "case"
    ACCOUNT = "account"
    STAGE = "stage"
    ASSESSMENT = "assessment"


class Action(models.Model):
    """One thing that one operator did, with her reason. Append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = models.TextField()  #: as it was then
    verb = models.TextField(choices=Verb)
    kind = models.TextField(choices=Kind)
    object_id = models.TextField()  #: an event key, a proposal's number, a log-in, a partner's code
    note = models.TextField(blank=True)
    subject_id = models.BigIntegerField(null=True)  #: whom it is about, if it is about one person

    class Meta:
        db_table = "console_action"
        default_permissions = ()
        permissions: ClassVar = [
            ("look", "Read every page of the console"),
            ("hold", "Hold and release acts"),
            ("switch", "Suspend and resume partners"),
            ("propose", "Propose to put a version into force"),
            ("approve", "Approve or decline a proposal of somebody else"),
            ("audit", "Read what operators did"),
            ("administer", "Add staff and give roles"),
            ("reveal", "See personal data whole, for a reason"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verb__in=Verb.values), name="console_action_verb_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="console_action_kind_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "object_id"], name="console_action_object"),
            models.Index(
                fields=["subject_id"],
                name="console_action_subject",
                condition=models.Q(subject_id__isnull=False),
            ),
        ]
