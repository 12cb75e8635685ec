"""Who vouched for a person, what became of her log-ins, and cases that staff decide.

Everything here is only ever added to, but for the last log-ins.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class EventKind(models.TextChoices):
    """What happened to a person's ways in."""

    VOUCHED = "vouched"  #: a host vouched for her identity
    LINKED = "linked"  #: another account was shown to be hers
    UNLINKED = "unlinked"
    NUMBER_CHANGED = "number_changed"
    NUMBER_LOST = "number_lost"  #: the number opens somebody else's account now
    RECOVERED = "recovered"
    WOKE = "woke"  #: back after a long time, shown anew to be herself
    CLOSED = "closed"
    HOST_ADDED = "host_added"  #: another host opens the account too


class CaseKind(models.TextChoices):
    """Why there is a case."""

    RECOVERY = "recovery"  #: she says that she cannot log in any more
    DEATH = "death"  #: next of kin say that she has died


class Step(models.TextChoices):
    """What was done in a case."""

    NOTIFIED = "notified"  #: her ways in were told that somebody asks
    CHECKED = "checked"  #: staff looked at documents and found them in order
    SHORTENED = "shortened"  #: two persons let the waiting end now
    CANCELLED = "cancelled"  #: she logged in, or took it back
    REFUSED = "refused"
    DONE = "done"
    USED = "used"  #: next of kin used a right: export, closing, erasure


class IdentityVouch(models.Model):
    """That a partner vouched for whom an account belongs to, and by what.

    What it vouched for is a keyed digest in the vault; here is only that it did. By ``adult`` it
    said that the owner is of age, and nothing else is kept of that.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_index=False)
    vouched_at = models.DateTimeField()
    partner_id = models.SmallIntegerField()
    factor = models.TextField()

    class Meta:
        db_table = "identity_vouch"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "partner_id", "factor"], name="identity_vouch_once"
            ),
            models.CheckConstraint(
                condition=models.Q(factor__in=["id_number", "card_holder", "adult"]),
                name="identity_vouch_factor_is_known",
            ),
        ]


class IdentityEvent(models.Model):
    """One thing that happened to the ways into an account, and who did it."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    kind = models.TextField(choices=EventKind)
    by = models.TextField()
    about = models.BigIntegerField(null=True)  #: the other account, the partner, or the case

    class Meta:
        db_table = "identity_event"
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="identity_event_of_account")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=EventKind.values), name="identity_event_kind_is_known"
            ),
        ]


class IdentityCase(models.Model):
    """Somebody says that she has lost her way in, or that a person has died.

    ``opens_at`` is when waiting is over; a case about a death waits for two persons instead.
    ``documents`` are SM3 digests of what was shown, never the documents.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)
    kind = models.TextField(choices=CaseKind)
    opened_by = models.TextField()
    reason = models.TextField()
    documents = ArrayField(models.BinaryField())

    class Meta:
        db_table = "identity_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="recovery", opens_at__isnull=False)
                | models.Q(kind="death", opens_at=None),
                name="identity_case_waits_as_its_kind",
            ),
        ]


class IdentityCaseStep(models.Model):
    """What was done in a case, by whom, and why."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(IdentityCase, on_delete=models.PROTECT)
    at = models.DateTimeField()
    step = models.TextField(choices=Step)
    by = models.TextField()
    note = models.TextField()
    documents = ArrayField(models.BinaryField())

    class Meta:
        db_table = "identity_case_step"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(step__in=Step.values), name="identity_case_step_is_known"
            ),
            # A case ends once.
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(step__in=["cancelled", "refused", "done"]),
                name="identity_case_ends_once",
            ),
        ]


class IdentityProposal(models.Model):
    """What one member of staff wants to be done in a case that only two may do."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(IdentityCase, on_delete=models.PROTECT)
    proposed_at = models.DateTimeField(db_default=Now())
    wish = models.TextField()
    proposed_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "identity_proposal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(wish__in=["shorten", "confirm_death"]),
                name="identity_proposal_wish_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(note="") & ~models.Q(proposed_by=""),
                name="identity_proposal_says_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["id", "proposed_by"], name="identity_proposal_proposer"
            ),
        ]


class IdentityDecision(models.Model):
    """What another member of staff decided about a proposal.

    That it was another, the migration's constraints hold.
    """

    proposal = models.OneToOneField(IdentityProposal, on_delete=models.PROTECT, primary_key=True)
    decided_at = models.DateTimeField(db_default=Now())
    decision = models.TextField()
    proposed_by = models.TextField()
    decided_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "identity_decision"


class LastLogIn(models.Model):
    """When an account was last opened by each way in."""

    pk = models.CompositePrimaryKey("account_id", "way")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    way = models.TextField()

    class Meta:
        db_table = "last_log_in"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(way__in=["phone", "host", "channel"]),
                name="last_log_in_way_is_known",
            ),
        ]
