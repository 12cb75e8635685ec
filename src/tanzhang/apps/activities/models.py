"""Reports that were accepted, the pieces they wait in, and every outcome that was posted.

``EventIdentity``, ``BatchItem``, ``Activity``, ``Cut``, ``Claim`` and ``ClaimRival`` are
distributed: no triggers, no foreign keys, and every key holds the distribution column
(``apps/distribution.py``). Nothing in ``EventIdentity``, ``Piece``, ``PieceSettlement``,
``Batch``, ``BatchBody``, ``BatchItem``, ``Activity`` and ``Cut`` is updated or deleted.
Event and item keys are 16 bytes and stored as ``uuid``, which compares them as unsigned bytes.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from tanzhang.apps.activities.appeals import models as appeal_models
from tanzhang.apps.activities.authenticity import models as authenticity_models
from tanzhang.apps.activities.carrying.models import (
    CarriedAway as CarriedAway,
    CarriedEntry as CarriedEntry,
    CarriedStatement as CarriedStatement,
    KnownInstallation as KnownInstallation,
)
from tanzhang.apps.activities.erasing.models import (
    ErasedLeaf as ErasedLeaf,
    ErasedLine as ErasedLine,
)
from tanzhang.apps.activities.incidents import models as incident_models
from tanzhang.apps.activities.reconciliation.models import (
    OwnCount as OwnCount,
    ReconciliationFile as ReconciliationFile,
    ReconciliationPart as ReconciliationPart,
)
from tanzhang.apps.activities.suspicion import models as suspicion_models
from tanzhang.apps.distribution import SHARDS

ActSignal = authenticity_models.ActSignal
Quarantine = authenticity_models.Quarantine
QuarantineDecision = authenticity_models.QuarantineDecision
Watch = authenticity_models.Watch
WatchEnd = authenticity_models.WatchEnd
AuditPick = authenticity_models.AuditPick
AuditFinding = authenticity_models.AuditFinding
Sanction = authenticity_models.Sanction
PhotoEvidence = authenticity_models.PhotoEvidence

Appeal = appeal_models.Appeal
AppealStep = appeal_models.AppealStep
Incident = incident_models.Incident
IncidentStep = incident_models.IncidentStep
Suspicion = suspicion_models.Suspicion
SuspectEvent = suspicion_models.SuspectEvent
SuspectClearance = suspicion_models.SuspectClearance
SuspicionStep = suspicion_models.SuspicionStep
SuspicionProposal = suspicion_models.SuspicionProposal
SuspicionDecision = suspicion_models.SuspicionDecision


class PieceKind(models.IntegerChoices):
    """Why a piece exists."""

    REPORT = 0
    RESETTLE = 1  #: the rules changed
    HOLD = 2  #: a hold or a release
    NEIGHBOUR = 3  #: a shared thing got another holder
    RESTATE = 4  #: another accepted revision shall stand for its event
    RELINK = 5  #: who is one person with whom has changed


class Cause(models.IntegerChoices):
    """Why an outcome was posted."""

    REPORTED = 0
    CORRECTED = 1
    WITHDRAWN = 2
    NEIGHBOUR_CHANGED = 3
    MOVED = 4  #: to another month; closes the row in this one
    HELD_OR_RELEASED = 5
    RULES_CHANGED = 6
    LINKED = 7  #: or linked no more: other acts are the same person's now


class EventIdentity(models.Model):
    """That a revision of an event was accepted: for whom, with what content, in which month."""

    pk = models.CompositePrimaryKey("event_key", "revision")
    subject_id = models.BigIntegerField()
    content = models.BigIntegerField()
    event_key = models.UUIDField()
    revision = models.IntegerField()
    month = models.IntegerField()

    class Meta:
        db_table = "event_identity"


class Piece(models.Model):
    """The part of an accepted batch in one shard, as one compressed columnar body."""

    id = models.BigAutoField(primary_key=True)
    received_at = models.DateTimeField()
    item_count = models.IntegerField()
    shard = models.SmallIntegerField()
    kind = models.SmallIntegerField(choices=PieceKind)
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, db_index=False
    )
    digest = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        db_table = "piece"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(shard__gte=0, shard__lt=SHARDS), name="piece_shard_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=PieceKind.values), name="piece_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(item_count__gte=1), name="piece_has_items"),
        ]


class PieceQueue(models.Model):
    """Pieces that wait for settlement; the row goes when its piece is settled."""

    pk = models.CompositePrimaryKey("shard", "piece_id")
    piece = models.OneToOneField(Piece, on_delete=models.PROTECT)
    shard = models.SmallIntegerField()

    class Meta:
        db_table = "piece_queue"


class PieceSettlement(models.Model):
    """What settling a piece did, and the root over its outcomes' leaves."""

    piece = models.OneToOneField(Piece, on_delete=models.PROTECT, primary_key=True)
    settled_at = models.DateTimeField()
    item_count = models.IntegerField()
    fast_count = models.IntegerField()
    outcome_count = models.IntegerField()
    leaf_version = models.SmallIntegerField()
    leaf_root = models.BinaryField()

    class Meta:
        db_table = "piece_settlement"


class Activity(models.Model):
    """One outcome of one act. Number 0 is the act itself, with full amounts.

    Later rows carry signed differences in ``credited_mg`` and ``points``; ``gross_mg`` is always
    the whole gross. Every row holds the whole current fact, so that the last row of an event says
    what is known and why. ``month`` is YYYYMM of the local ``day`` (days since 1970-01-01);
    ``state`` is ``posting.facts``'s: what the revision says, and whether the event is held besides.
    ``available_after_days`` and ``expires_after_years`` say which lot its points are in, by the
    programme's rule as it was when they were posted (null: at once, never).
    """

    pk = models.CompositePrimaryKey("subject_id", "month", "event_key", "outcome_no")
    subject_id = models.BigIntegerField()
    started_us = models.BigIntegerField()
    ended_us = models.BigIntegerField()
    account_id = models.BigIntegerField()
    piece_id = models.BigIntegerField()
    gross_mg = models.BigIntegerField()
    credited_mg = models.BigIntegerField()
    q1 = models.BigIntegerField(null=True)
    q2 = models.BigIntegerField(null=True)
    q3 = models.BigIntegerField(null=True)
    q4 = models.BigIntegerField(null=True)
    event_key = models.UUIDField()
    item_key = models.UUIDField(null=True)
    lost_to = models.UUIDField(null=True)
    points = models.IntegerField()
    month = models.IntegerField()
    day = models.IntegerField()
    revision = models.IntegerField()
    outcome_no = models.SmallIntegerField()
    pack_id = models.SmallIntegerField()
    pack_version_id = models.SmallIntegerField(null=True)
    scene_id = models.SmallIntegerField()
    partner_id = models.SmallIntegerField()
    programme_id = models.SmallIntegerField()
    grade = models.SmallIntegerField()
    state = models.SmallIntegerField()
    status = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    cause = models.SmallIntegerField(choices=Cause)
    available_after_days = models.SmallIntegerField(null=True)
    expires_after_years = models.SmallIntegerField(null=True)
    consent = models.BooleanField()

    class Meta:
        db_table = "activity"


class Cut(models.Model):
    """What one limit took from one outcome."""

    pk = models.CompositePrimaryKey("subject_id", "month", "event_key", "outcome_no", "limit_id")
    subject_id = models.BigIntegerField()
    mg = models.BigIntegerField()
    event_key = models.UUIDField()
    month = models.IntegerField()
    limit_id = models.IntegerField()
    outcome_no = models.SmallIntegerField()

    class Meta:
        db_table = "cut"


class Claim(models.Model):
    """The act that holds a thing shared between people (a meter and month, an order)."""

    claim_key = models.UUIDField(primary_key=True)
    subject_id = models.BigIntegerField()
    started_us = models.BigIntegerField()
    event_key = models.UUIDField()
    month = models.IntegerField()
    grade = models.SmallIntegerField()

    class Meta:
        db_table = "claim"


class ClaimRival(models.Model):
    """Another eligible act under a claimed key, which holds it if the holder goes."""

    pk = models.CompositePrimaryKey("claim_key", "event_key")
    subject_id = models.BigIntegerField()
    started_us = models.BigIntegerField()
    claim_key = models.UUIDField()
    event_key = models.UUIDField()
    month = models.IntegerField()
    grade = models.SmallIntegerField()

    class Meta:
        db_table = "claim_rival"


class Channel(models.TextChoices):
    """How a batch came."""

    API = "api"
    PULL = "pull"  #: fetched from the partner
    FILE = "file"


class Batch(models.Model):
    """What one authenticated delivery brought 批次, and what was answered.

    ``canonical`` and ``signature`` are what the partner signed and its signature; ``results`` holds
    one row an event (``intake.receipt.RESULTS``). The receipt is made again from this row, and
    ``receipt_digest`` holds its bytes.
    """

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    received_at = models.DateTimeField()
    channel = models.TextField(choices=Channel)
    key_id = models.TextField(null=True)
    idempotency_key = models.TextField(null=True)
    canonical = models.BinaryField()
    signature = models.BinaryField()
    body_digest = models.BinaryField()
    item_count = models.IntegerField()
    accepted = models.IntegerField()
    duplicate = models.IntegerField()
    conflict = models.IntegerField()
    rejected = models.IntegerField()
    held = models.IntegerField()
    dropped = ArrayField(models.TextField())
    merkle_root = models.BinaryField()
    receipt_digest = models.BinaryField()
    results = models.BinaryField()
    piece_ids = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "batch"
        indexes: ClassVar = [
            models.Index(fields=["partner", "received_at"], name="batch_of_partner")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="batch_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    item_count=models.F("accepted")
                    + models.F("duplicate")
                    + models.F("conflict")
                    + models.F("rejected")
                    + models.F("held"),
                    item_count__gte=1,
                ),
                name="batch_counts_add_up",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted__gte=0)
                & models.Q(duplicate__gte=0)
                & models.Q(conflict__gte=0)
                & models.Q(rejected__gte=0)
                & models.Q(held__gte=0),
                name="batch_counts_are_no_debts",
            ),
            models.CheckConstraint(
                condition=models.Q(Exact(Length("body_digest"), 32))
                & models.Q(Exact(Length("merkle_root"), 32))
                & models.Q(Exact(Length("receipt_digest"), 32)),
                name="batch_digests_are_32_bytes",
            ),
        ]


class BatchBody(models.Model):
    """The body of a batch as it came, compressed; kept while its partner may dispute the answer."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, primary_key=True)
    received_at = models.DateTimeField(db_index=True)
    body = models.BinaryField()

    class Meta:
        db_table = "batch_body"


class BatchItem(models.Model):
    """By which key an event of a batch is found again, whatever became of it."""

    pk = models.CompositePrimaryKey("event_key", "batch_id", "row")
    event_key = models.UUIDField()
    batch_id = models.UUIDField()
    row = models.SmallIntegerField()

    class Meta:
        db_table = "batch_item"
