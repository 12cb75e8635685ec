"""What is remembered of suspicions. Nothing here is ever updated or deleted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Suspicion(models.Model):
    """That what a key signed is distrusted, for batches received in [since, until).

    ``until`` is null for the first suspicion about a key; where the key is found compromised since
    earlier, the next one ends where that one begins, so that no batch is in two of them.
    """

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT)
    partner_id: int
    key_id = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "suspicion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_id", "since"], name="suspicion_once"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="suspicion_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(opened_by=""), name="suspicion_names_who_opened_it"
            ),
        ]


class Treatment(models.TextChoices):
    """What became of a suspect event."""

    HELD = "held"  #: a hold is on it
    REPLACED = "replaced"  #: its highest revision that is not suspect stands for it
    RESTING = "resting"  #: it was held already; nothing was done


class SuspectEvent(models.Model):
    """An event whose highest revision only a distrusted delivery vouches for.

    ``revision`` is that revision, ``stands`` the one that stands in its place (``REPLACED``), and
    ``reduction_mg`` and ``points`` are what the event was worth when it was listed.
    """

    pk = models.CompositePrimaryKey("suspicion_id", "event_key")
    suspicion = models.ForeignKey(Suspicion, on_delete=models.PROTECT, db_index=False)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    reduction_mg = models.BigIntegerField()
    points = models.BigIntegerField()
    event_key = models.UUIDField(db_index=True)
    month = models.IntegerField()
    revision = models.IntegerField()
    stands = models.IntegerField(null=True)
    treatment = models.TextField(choices=Treatment)

    class Meta:
        db_table = "suspect_event"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(treatment__in=Treatment.values),
                name="suspect_event_treatment_known",
            ),
            models.CheckConstraint(
                condition=models.Q(treatment=Treatment.REPLACED, stands__lt=models.F("revision"))
                | ~models.Q(treatment=Treatment.REPLACED) & models.Q(stands=None),
                name="suspect_event_stands_lower",
            ),
        ]


class SuspectClearance(models.Model):
    """That a batch signed by a good key brought a suspect event again, or a later revision."""

    pk = models.CompositePrimaryKey("suspicion_id", "event_key")
    suspicion = models.ForeignKey(Suspicion, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey("activities.Batch", on_delete=models.PROTECT, db_index=False)
    event_key = models.UUIDField()

    class Meta:
        db_table = "suspect_clearance"


class Stage(models.TextChoices):
    """Work on many events, a part in each transaction."""

    LIST = "list"  #: find what is suspect, and hold it
    RELEASE = "release"  #: after a confirmation


class SuspicionStep(models.Model):
    """One part of such work, done: up to which batch (list) or event (release), and if the last."""

    id = models.BigAutoField(primary_key=True)
    suspicion = models.ForeignKey(Suspicion, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    up_to = models.UUIDField(null=True)
    events = models.IntegerField()
    stage = models.TextField(choices=Stage)
    last = models.BooleanField()

    class Meta:
        db_table = "suspicion_step"
        indexes: ClassVar = [
            models.Index(fields=["suspicion", "stage", "-id"], name="suspicion_step_latest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="suspicion_step_stage_known"
            ),
            models.UniqueConstraint(
                fields=["suspicion", "stage"],
                condition=models.Q(last=True),
                name="suspicion_step_ends_once",
            ),
        ]


class Resolution(models.TextChoices):
    """How a suspicion can end."""

    CONFIRM = "confirm"  #: what the key signed counts
    REVERSE = "reverse"  #: it never counts


class SuspicionProposal(models.Model):
    """What one person asks for; nothing happens before another approves it."""

    id = models.BigAutoField(primary_key=True)
    suspicion = models.ForeignKey(Suspicion, on_delete=models.PROTECT)
    proposed_at = models.DateTimeField(db_default=Now())
    resolution = models.TextField(choices=Resolution)
    proposed_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "suspicion_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id", "suspicion", "proposed_by"], name="suspicion_proposal_of_person"
            ),
            models.CheckConstraint(
                condition=models.Q(resolution__in=Resolution.values),
                name="suspicion_proposal_resolution_known",
            ),
        ]


class SuspicionDecision(models.Model):
    """What became of a proposal: ``approved`` or ``refused`` by another, ``withdrawn`` by its own.

    The database holds that they are two persons, and that one approval is all a suspicion gets.
    """

    proposal = models.OneToOneField(SuspicionProposal, on_delete=models.PROTECT, primary_key=True)
    suspicion_id = models.BigIntegerField()
    decided_at = models.DateTimeField(db_default=Now())
    decision = models.TextField()
    proposed_by = models.TextField()
    decided_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "suspicion_decision"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["suspicion_id"],
                condition=models.Q(decision="approved"),
                name="suspicion_decision_approved_once",
            ),
        ]
