"""The outbox as it is stored: addresses, messages, deliveries, and what was promised."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting"  #: for its next attempt
    DELIVERED = "delivered"
    DEAD = "dead"  #: given up after a day; it can be replayed


class WebhookEndpoint(models.Model):
    """An address of a partner to which we report what happened; closed for good once closed."""

    id = models.AutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    url = models.TextField()
    kinds = ArrayField(models.TextField(), null=True)  #: every kind of message if null
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_endpoint"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "url"],
                condition=models.Q(closed_at=None),
                name="webhook_endpoint_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kinds=None) | models.Q(kinds__len__gt=0),
                name="webhook_endpoint_names_kinds",
            ),
        ]


class WebhookMessage(models.Model):
    """Something that a partner is told, byte for byte; ``sequence`` orders messages about one."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    message_id = models.TextField(unique=True)
    made_at = models.DateTimeField(db_default=Now())
    kind = models.TextField()
    about = models.TextField()
    sequence = models.IntegerField(default=1)
    body = models.BinaryField()

    class Meta:
        db_table = "webhook_message"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "kind", "about", "sequence"], name="webhook_message_once"
            ),
        ]


class WebhookDelivery(models.Model):
    """One message on its way to one address."""

    pk = models.CompositePrimaryKey("endpoint_id", "message_id")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, db_index=False)
    message = models.ForeignKey(WebhookMessage, on_delete=models.PROTECT)
    state = models.TextField(choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    last_status = models.SmallIntegerField(null=True)  #: of HTTP; null if nothing was answered
    last_said = models.TextField(default="")

    class Meta:
        db_table = "webhook_delivery"
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "next_at"],
                condition=models.Q(state="waiting"),
                name="webhook_delivery_due",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=DeliveryState.values),
                name="webhook_delivery_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at=None)),
                name="webhook_delivery_has_its_instant",
            ),
        ]


class WebhookPromise(models.Model):
    """Something that a partner will be told once it is so; the row goes when it was told."""

    pk = models.CompositePrimaryKey("kind", "about", "partner_id")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, db_index=False)
    kind = models.TextField()
    about = models.TextField()

    class Meta:
        db_table = "webhook_promise"
