"""How accounts were joined, lists of people, cohorts, features by stages, and counted answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class JoiningRecord(models.Model):
    """How an account was opened: by which door, by whose word, agreeing to which text.

    ``host_id`` is the partner that handed her over, null for whoever came by phone alone.
    """

    account = models.OneToOneField(
        "people.Account", on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    at = models.DateTimeField(db_default=Now())
    host_id = models.SmallIntegerField(null=True)
    door = models.TextField()
    text = models.ForeignKey("people.ConsentText", on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "joining_record"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(door="phone", host_id=None)
                | models.Q(door="host", host_id__isnull=False),
                name="joining_record_host_by_its_door",
            ),
        ]


class JoiningGround(models.Model):
    """A rule that was true of somebody who joined, and what showed it; no value of hers."""

    pk = models.CompositePrimaryKey("account_id", "rule")
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    rule = models.TextField()
    evidence = models.TextField()
    source = models.TextField()  #: the claim, the list or the field

    class Meta:
        db_table = "joining_ground"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(evidence__in=["claim", "list", "field"]),
                name="joining_ground_evidence_is_known",
            ),
        ]


class PeopleListEntry(models.Model):
    """Somebody on a list of the operator's, by a keyed hash alone.

    By phone under the vault's ``index_key``; by a partner's reference as partners' links have it.
    """

    pk = models.CompositePrimaryKey("programme_id", "list", "entry_index")
    programme_id = models.SmallIntegerField()
    list = models.TextField()
    entry_index = models.BinaryField()
    index_key = models.ForeignKey("people.IndexKey", on_delete=models.PROTECT, null=True)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "people_list_entry"


class CohortMember(models.Model):
    """That an account tries things first. ``number`` is her place, in the order of coming."""

    id = models.BigAutoField(primary_key=True)
    programme_id = models.SmallIntegerField()
    cohort = models.TextField()
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_constraint=False)
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    number = models.IntegerField()
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cohort_member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme_id", "cohort", "number"], name="cohort_member_has_own_number"
            ),
            models.UniqueConstraint(
                fields=["programme_id", "cohort", "account"],
                condition=models.Q(left_at=None),
                name="cohort_member_once",
            ),
        ]


class StageChange(models.Model):
    """That somebody wants a cohort at another stage, or a feature for another audience."""

    id = models.BigAutoField(primary_key=True)
    programme_id = models.SmallIntegerField()
    kind = models.TextField()
    name = models.TextField()
    value = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField(db_default=Now())
    note = models.TextField()

    class Meta:
        db_table = "stage_change"
        indexes: ClassVar = [
            models.Index(fields=["programme_id", "kind", "name", "-id"], name="stage_change_of")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "proposed_by"], name="stage_change_proposer"),
            models.CheckConstraint(
                condition=models.Q(kind="cohort", value__in=["open", "closed", "everyone"])
                | (models.Q(kind="feature") & ~models.Q(value="")),
                name="stage_change_means_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(proposed_by="") & ~models.Q(note=""),
                name="stage_change_says_who_and_why",
            ),
        ]


class StageDecision(models.Model):
    """What became of a change: it is in force if another person approved it, or it needed none.

    ``approved`` and ``refused`` are another person's, ``withdrawn`` and ``alone`` the proposer's
    own: the migration has the check, and a foreign key (number, proposer).
    """

    change = models.OneToOneField(
        StageChange, on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    decided_at = models.DateTimeField(db_default=Now())
    decision = models.TextField()
    proposed_by = models.TextField()
    decided_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "stage_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["approved", "refused", "withdrawn", "alone"]),
                name="stage_decision_is_known",
            ),
        ]


class SurveyReply(models.Model):
    """That an account answered a survey, so that it answers once; not what it said."""

    pk = models.CompositePrimaryKey("account_id", "survey")
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    survey = models.TextField()

    class Meta:
        db_table = "survey_reply"


class SurveyCount(models.Model):
    """How many chose an answer; nobody can tell who.

    ``waiting`` are those that came after ``chosen`` was last brought up to date.
    """

    pk = models.CompositePrimaryKey("programme_id", "survey", "question", "answer")
    programme_id = models.SmallIntegerField()
    survey = models.TextField()
    question = models.TextField()
    answer = models.TextField()
    chosen = models.IntegerField()
    waiting = models.IntegerField()

    class Meta:
        db_table = "survey_count"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(chosen__gte=0, waiting__gte=0),
                name="survey_count_is_of_somebody",
            ),
        ]
