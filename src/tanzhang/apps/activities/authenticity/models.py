"""What is remembered of whether acts are true. Only a picture is ever changed: it is removed.

``ActSignal`` is distributed like the acts themselves; the other tables hold a row for each finding
or decision, which are few.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from tanzhang.engine.authenticity import Consequence
from tanzhang.engine.authenticity.signals import SIGNAL_SLOTS


class ActSignal(models.Model):
    """What came with an accepted revision of a judged scene's act, and what its checks said.

    ``s1`` … are the signals in the order in which the pack's section lists them (``device`` has a
    column of its own), tokens as keyed hashes; ``decider`` is the place of the check that weighed
    most, ``told`` what it measured, ``findings`` has a bit for each check.
    """

    pk = models.CompositePrimaryKey("subject_id", "event_key", "revision")
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    started_us = models.BigIntegerField()
    ended_us = models.BigIntegerField()
    amount = models.BigIntegerField(null=True)
    findings = models.BigIntegerField()
    told = models.BigIntegerField()
    device = models.BigIntegerField(null=True)
    s1 = models.BigIntegerField(null=True)
    s2 = models.BigIntegerField(null=True)
    s3 = models.BigIntegerField(null=True)
    s4 = models.BigIntegerField(null=True)
    s5 = models.BigIntegerField(null=True)
    s6 = models.BigIntegerField(null=True)
    s7 = models.BigIntegerField(null=True)
    s8 = models.BigIntegerField(null=True)
    s9 = models.BigIntegerField(null=True)
    s10 = models.BigIntegerField(null=True)
    s11 = models.BigIntegerField(null=True)
    s12 = models.BigIntegerField(null=True)
    event_key = models.UUIDField()
    revision = models.IntegerField()
    month = models.IntegerField()
    day = models.IntegerField()
    score = models.IntegerField()
    age_days = models.IntegerField()
    pack_id = models.SmallIntegerField()
    pack_version_id = models.SmallIntegerField()
    scene_id = models.SmallIntegerField()
    partner_id = models.SmallIntegerField()
    decider = models.SmallIntegerField()
    tier = models.SmallIntegerField()
    consequence = models.SmallIntegerField(choices=[(int(c), c.name.lower()) for c in Consequence])
    withdrawn = models.BooleanField()

    class Meta:
        db_table = "act_signal"
        indexes: ClassVar = [
            models.Index(fields=["pack_id", "day"], name="act_signal_of_pack_and_day"),
            models.Index(fields=["account_id", "day"], name="act_signal_of_account"),
            models.Index(
                fields=["device", "account_id"],
                name="act_signal_of_device",
                condition=models.Q(device__isnull=False),
            ),
        ]


SLOTS = tuple(f"s{number}" for number in range(1, SIGNAL_SLOTS + 1))


class Source(models.TextChoices):
    """What put an act aside."""

    DOOR = "door"  #: a check of its pack, when it arrived
    PATTERN = "pattern"  #: a pattern over many acts
    WATCH = "watch"  #: its account or partner is watched
    PARTNER = "partner"  #: what its partner reports has changed suddenly
    REVIEW = "review"  #: a person who looked at accepted acts


class Quarantine(models.Model):
    """That an event was put aside, by which rule of which pack version, and what was measured."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    event_key = models.UUIDField()
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    value = models.BigIntegerField()
    month = models.IntegerField()
    score = models.IntegerField()
    pack_id = models.SmallIntegerField()
    pack_version_id = models.SmallIntegerField()
    consequence = models.SmallIntegerField()
    source = models.TextField(choices=Source)
    rule = models.TextField()

    class Meta:
        db_table = "quarantine"
        indexes: ClassVar = [
            models.Index(fields=["account_id"], name="quarantine_of_account"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_key", "source", "rule"], name="quarantine_once"),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="quarantine_source_known"
            ),
            models.CheckConstraint(
                condition=models.Q(consequence__in=[2, 3]), name="quarantine_holds_or_refuses"
            ),
        ]


class Verdict(models.TextChoices):
    """What a person decided of an act that was put aside."""

    RELEASE = "release"
    REFUSE = "refuse"
    PROPOSE = "propose"  #: to release it; another person's word is needed


class QuarantineDecision(models.Model):
    """A person's decision about an event that was put aside; the last one counts."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    event_key = models.UUIDField(db_index=True)
    decision = models.TextField(choices=Verdict)
    decided_by = models.TextField()
    proposed_by = models.TextField(null=True)
    note = models.TextField()

    class Meta:
        db_table = "quarantine_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision__in=Verdict.values), name="quarantine_decision_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by="") & ~models.Q(note=""),
                name="quarantine_decision_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_by=None)
                | ~models.Q(proposed_by=models.F("decided_by")),
                name="quarantine_decision_of_two",
            ),
        ]


class Watch(models.Model):
    """That an account's or a partner's acts of one pack (all: null) wait for a person from now."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    account_id = models.BigIntegerField(null=True, db_index=True)
    value = models.BigIntegerField()
    from_day = models.IntegerField()
    partner_id = models.SmallIntegerField(null=True)
    pack_id = models.SmallIntegerField(null=True)
    pack_version_id = models.SmallIntegerField(null=True)
    rule = models.TextField()

    class Meta:
        db_table = "watch"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(account_id=None, partner_id__isnull=False)
                | models.Q(account_id__isnull=False, partner_id=None),
                name="watch_is_of_an_account_or_a_partner",
            ),
        ]


class WatchEnd(models.Model):
    """A person's word that a watch is over."""

    watch = models.OneToOneField(Watch, on_delete=models.PROTECT, primary_key=True)
    at = models.DateTimeField(db_default=Now())
    ended_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "watch_end"


class AuditPick(models.Model):
    """An accepted act that a keyed draw chose, for a person to look at it without suspicion."""

    event_key = models.UUIDField(primary_key=True)
    picked_at = models.DateTimeField(db_default=Now())
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    month = models.IntegerField()
    day = models.IntegerField()
    pack_id = models.SmallIntegerField()

    class Meta:
        db_table = "audit_pick"


class AuditFinding(models.Model):
    """What a person found when she looked at a picked act."""

    pick = models.OneToOneField(AuditPick, on_delete=models.PROTECT, primary_key=True)
    at = models.DateTimeField(db_default=Now())
    missed = models.BooleanField()
    found_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "audit_finding"


class Sanction(models.Model):
    """A step of the ladder that a person took against an account: 1 warning … 4 for good."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(db_index=True)
    step = models.SmallIntegerField()
    taken_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "sanction"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(step__in=[1, 2, 3, 4]), name="sanction_step_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(taken_by="") & ~models.Q(note=""), name="sanction_has_reason"
            ),
        ]


class PhotoEvidence(models.Model):
    """A picture handed in for an act: its exact digest and its looks stay, the picture goes.

    ``picture`` is sealed under the person's own key and removed once a person has looked at it.
    ``token`` is the keyed hash of the code that the act's report names (``signals.keyed``).
    """

    id = models.BigAutoField(primary_key=True)
    uploaded_at = models.DateTimeField(db_default=Now())
    subject_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField()
    token = models.BigIntegerField(unique=True)
    scene_id = models.SmallIntegerField()
    looks = ArrayField(models.BigIntegerField())
    digest = models.BinaryField(unique=True)
    picture = models.BinaryField(null=True)

    class Meta:
        db_table = "photo_evidence"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32),
                name="photo_evidence_digest_is_sm3",
            ),
        ]
