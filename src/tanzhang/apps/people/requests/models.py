"""Rights requests as they are stored: a request, and every step of its handling. Append-only.

What people and staff write is sealed under the person's own key and goes with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RequestKind(models.TextChoices):
    """What a person can ask for. To see, to copy and to close she asks nobody: she does it."""

    CORRECT = "correct"
    RESTRICT = "restrict"
    DELETE = "delete"
    EXPLAIN = "explain"  #: how a decision came about
    GUARDIAN = "guardian"  #: as somebody's guardian, or about one's own
    NEXT_OF_KIN = "next_of_kin"
    OTHER = "other"


class RequestState(models.TextChoices):
    """How far a request has come."""

    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"  #: for an answer of hers
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


#: States after which nothing more happens.
ENDED = (RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN)


class RightsRequest(models.Model):
    """That a person asked for something. ``made_by`` is ``citizen``, or ``role:log-in`` of staff
    who wrote down what came by letter or over the counter. ``due_on`` is the last day to answer.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey("people.Subject", on_delete=models.PROTECT)
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    made_at = models.DateTimeField()
    due_on = models.DateField()
    kind = models.TextField(choices=RequestKind)
    made_by = models.TextField()
    words = models.BinaryField(null=True)

    class Meta:
        db_table = "rights_request"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RequestKind.values), name="rights_request_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(made_by=""), name="rights_request_names_who_made_it"
            ),
        ]


class RightsStep(models.Model):
    """One step: the request's state from then on, by whom, and what the person is told."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    state = models.TextField(choices=RequestState)
    made_by = models.TextField()
    words = models.BinaryField(null=True)

    class Meta:
        db_table = "rights_step"
        indexes: ClassVar = [models.Index(fields=["request", "-id"], name="rights_step_of_request")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="rights_step_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(made_by=""), name="rights_step_names_who_made_it"
            ),
        ]
