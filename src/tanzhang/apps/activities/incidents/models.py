"""Incidents as they are stored: what was noticed, when, and what was done about it. Append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Suspect(models.TextChoices):
    """What went wrong."""

    KEY = "key"  #: a partner's signing key
    PARTNER = "partner"
    PACK = "pack"
    STAFF = "staff"  #: what a member of staff read
    OTHER = "other"  #: whom it affects is not in the books


class IncidentMove(models.TextChoices):
    """What a step does."""

    REPORTED = "reported"  #: to the authority, within four hours
    NOTIFIED = "notified"  #: the people affected
    NOTED = "noted"
    CLOSED = "closed"


class Incident(models.Model):
    """That something may have harmed people. The clock runs from ``noticed_at``."""

    id = models.BigAutoField(primary_key=True)
    noticed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    people = models.BigIntegerField()
    suspect = models.TextField(choices=Suspect)
    name = models.TextField()  #: a key's id, a partner's or pack's code, a log-in
    opened_by = models.TextField()
    kinds = models.TextField()  #: of data, in plain words
    cause = models.TextField()
    harm = models.TextField()
    remedy = models.TextField()

    class Meta:
        db_table = "incident"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(suspect__in=Suspect.values), name="incident_suspect_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(opened_by="") & ~models.Q(cause=""),
                name="incident_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")),
                name="incident_ends_after_it_begins",
            ),
        ]


class IncidentStep(models.Model):
    """One step, with who made it and what she noted."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT)
    at = models.DateTimeField()
    move = models.TextField(choices=IncidentMove)
    made_by = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "incident_step"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(move__in=IncidentMove.values), name="incident_step_move_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(made_by=""), name="incident_step_names_who_made_it"
            ),
        ]
