"""Appeals as they are stored: what is disputed, and every step until a human has decided.

Append-only. What people and staff write is sealed under the person's own key and goes with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AppealAbout(models.TextChoices):
    """What an appeal disputes."""

    ACT = "act"  #: how an act was judged
    ACCOUNT = "account"  #: a decision about the account: frozen, refused, a guardian asked for


class AppealMove(models.TextChoices):
    """What a step does."""

    ASKED_PARTNER = "asked_partner"  #: the partner is asked to look at its report again
    PARTNER_ANSWERED = "partner_answered"
    PROPOSED = "proposed"  #: one person decides; another has to agree
    DISAGREED = "disagreed"  #: the other does not: it is open again
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  #: by who wrote it


class Remedy(models.TextChoices):
    """What a decision does to the act. Each is a new fact; no posted row ever changes."""

    NONE = "none"  #: it stays as it was decided
    RELEASE = "release"  #: it is held no more
    SET_ASIDE = "set_aside"  #: it is held from now on, and what it was worth is posted back
    RESTATE = "restate"  #: an earlier accepted revision stands for it again
    CORRECTED = "corrected"  #: the partner has sent a correction, or will
    ELSEWHERE = "elsewhere"  #: done outside of acts: the account is free again, a grown-up may join


class Appeal(models.Model):
    """That somebody disputes something. ``status`` and ``outcome_no`` are the act's as she saw it.

    ``earlier`` are those who made the decision that she disputes: none of them decides again.
    """

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    due_on = models.DateField()
    worth_mg = models.BigIntegerField()  #: what the act would be worth, or is
    event_key = models.UUIDField(null=True, db_index=True)
    month = models.IntegerField(null=True)
    outcome_no = models.SmallIntegerField(null=True)
    status = models.SmallIntegerField(null=True)
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, db_index=False
    )
    about = models.TextField(choices=AppealAbout)
    made_by = models.TextField()
    words = models.BinaryField()

    class Meta:
        db_table = "appeal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(about__in=AppealAbout.values), name="appeal_about_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    about=AppealAbout.ACT,
                    event_key__isnull=False,
                    month__isnull=False,
                    outcome_no__isnull=False,
                    status__isnull=False,
                    partner__isnull=False,
                )
                | ~models.Q(about=AppealAbout.ACT)
                & models.Q(event_key=None, month=None, outcome_no=None, status=None, partner=None),
                name="appeal_about_an_act_names_it",
            ),
        ]


class AppealStep(models.Model):
    """One step. ``remedy`` is what a proposal or decision does; ``words`` what she is told."""

    id = models.BigAutoField(primary_key=True)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    revision = models.IntegerField(null=True)  #: the one that a restatement brings back
    move = models.TextField(choices=AppealMove)
    remedy = models.TextField(choices=Remedy, null=True)
    made_by = models.TextField()
    words = models.BinaryField(null=True)

    class Meta:
        db_table = "appeal_step"
        indexes: ClassVar = [models.Index(fields=["appeal", "-id"], name="appeal_step_of_appeal")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appeal"],
                condition=models.Q(move__in=["decided", "withdrawn"]),
                name="appeal_ends_once",
            ),
            models.CheckConstraint(
                condition=models.Q(move__in=AppealMove.values), name="appeal_step_move_known"
            ),
            models.CheckConstraint(
                condition=models.Q(move__in=["proposed", "decided"], remedy__in=Remedy.values)
                | ~models.Q(move__in=["proposed", "decided"]) & models.Q(remedy=None),
                name="appeal_step_decides_by_a_remedy",
            ),
            models.CheckConstraint(
                condition=models.Q(remedy__isnull=False, remedy="restate", revision__isnull=False)
                | ~models.Q(remedy="restate") & models.Q(revision=None),
                name="appeal_step_restates_a_revision",
            ),
            models.CheckConstraint(
                condition=~models.Q(made_by=""), name="appeal_step_names_who_made_it"
            ),
        ]
