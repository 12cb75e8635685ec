"""Who reports, under which agreements, with which keys; and what is remembered of its calls."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from tanzhang.apps.partners.webhooks.models import (
    DeliveryState as DeliveryState,
    WebhookDelivery as WebhookDelivery,
    WebhookEndpoint as WebhookEndpoint,
    WebhookMessage as WebhookMessage,
    WebhookPromise as WebhookPromise,
)


class IdTime(models.TextChoices):
    """How an external id carries its own time, which leads the event key (design §4)."""

    NONE = "none"
    UUID7 = "uuid7"
    ULID = "ulid"
    DATE8 = "date8"  #: the id begins with YYYYMMDD


class Standing(models.TextChoices):
    """Whether a partner is served. A closed one stays closed."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class AgreementKind(models.TextChoices):
    """What a partner may do under an agreement."""

    REPORT = "report"  #: report acts
    READ_BALANCE = "read_balance"  #: read linked citizens' balances
    PULL = "pull"  #: have its own files fetched
    HAND_OVER = "hand_over"  #: send its own people to us and vouch for them


class Purpose(models.TextChoices):
    """What a partner's key is for; one key never serves both."""

    SIGN = "sign"
    ENCRYPT = "encrypt"


class Partner(models.Model):
    """An organisation 合作方 that reports acts to one programme, by its code for ever."""

    id = models.SmallAutoField(primary_key=True)
    programme_id = models.SmallIntegerField()
    code = models.TextField(unique=True)
    title_zh = models.TextField()
    title_en = models.TextField()
    id_time = models.TextField(choices=IdTime, default=IdTime.NONE)

    class Meta:
        db_table = "partner"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(code=""), name="partner_has_code"),
            models.CheckConstraint(
                condition=models.Q(id_time__in=IdTime.values), name="partner_id_time_known"
            ),
        ]


class PartnerStanding(models.Model):
    """One change of a partner's standing; the last one holds, and without any it is active."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    standing = models.TextField(choices=Standing)
    reason = models.TextField()
    changed_by = models.TextField()

    class Meta:
        db_table = "partner_standing"
        indexes: ClassVar = [models.Index(fields=["partner", "-id"], name="partner_standing_last")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="partner_standing_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(changed_by=""),
                name="partner_standing_has_reason",
            ),
        ]


class Agreement(models.Model):
    """What one partner may do, over [valid_from, valid_until), and how much of it. Append-only."""

    id = models.AutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    kind = models.TextField(choices=AgreementKind)
    scenes = ArrayField(models.TextField(), null=True)  #: all that its programme allows if null
    default_grade = models.SmallIntegerField()
    items_a_day = models.BigIntegerField()
    calls_a_minute = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    text_digest = models.BinaryField(null=True)  #: SM3 of the signed text, if there is one
    most_grade = models.SmallIntegerField()  #: an act that claims stronger evidence is refused
    approved_by = models.TextField(null=True)  #: a second person, for scenes that are not its own

    class Meta:
        db_table = "agreement"
        indexes: ClassVar = [models.Index(fields=["partner", "kind"], name="agreement_of_partner")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AgreementKind.values), name="agreement_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(scenes=None) | models.Q(scenes__len__gt=0),
                name="agreement_names_scenes",
            ),
            models.CheckConstraint(
                condition=models.Q(items_a_day__gt=0, calls_a_minute__gt=0),
                name="agreement_quotas_are_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(most_grade__gte=models.F("default_grade")),
                name="agreement_grades_fit",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="agreement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Exact(Length("text_digest"), 32), name="agreement_digest_is_32_bytes"
            ),
        ]


class AgreementEnd(models.Model):
    """An agreement ends early: at the earliest instant that any of these rows says."""

    id = models.AutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    noted_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField()
    reason = models.TextField()
    ended_by = models.TextField()

    class Meta:
        db_table = "agreement_end"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(ended_by=""),
                name="agreement_end_has_reason",
            ),
        ]


class PartnerKey(models.Model):
    """A public key of a partner, good over [active_from, active_until) until it is revoked.

    What it is never changes, and no revocation is taken back: a trigger holds it. Each key lies in
    a ``slot``, 1 or 2 to sign and 3 or 4 to encrypt, and no two share a slot at any instant: so at
    most two are live at once (both by the migration).
    """

    id = models.AutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    key_id = models.TextField(unique=True)
    purpose = models.TextField(choices=Purpose)
    slot = models.SmallIntegerField()
    algorithm = models.TextField()
    pem = models.TextField()
    announced_at = models.DateTimeField(db_default=Now())
    active_from = models.DateTimeField()
    active_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    compromised_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "partner_key"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.SIGN, slot__in=(1, 2))
                | models.Q(purpose=Purpose.ENCRYPT, slot__in=(3, 4)),
                name="partner_key_slot_fits_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(active_from__gte=models.F("announced_at")),
                name="partner_key_is_announced_first",
            ),
            models.CheckConstraint(
                condition=models.Q(active_until=None)
                | models.Q(active_until__gt=models.F("active_from")),
                name="partner_key_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(compromised_since=None) | ~models.Q(revoked_at=None),
                name="partner_key_compromised_is_revoked",
            ),
            models.CheckConstraint(
                condition=~models.Q(key_id="") & ~models.Q(algorithm="") & ~models.Q(pem=""),
                name="partner_key_is_whole",
            ),
        ]


class UsedNonce(models.Model):
    """A nonce that was burnt, until its request would be refused for its time anyway."""

    pk = models.CompositePrimaryKey("partner_id", "nonce")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    nonce = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "used_nonce"


class Idempotency(models.Model):
    """What one Idempotency-Key of a partner asked for, and what was answered once it was done."""

    pk = models.CompositePrimaryKey("partner_id", "key")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    key = models.TextField()
    digest = models.BinaryField()  #: SM3 of what was asked for
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)  #: the HTTP status that was answered
    content_type = models.TextField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "idempotency"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32), name="idempotency_digest_is_32_bytes"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, status=None, content_type=None, body=None)
                | models.Q(
                    finished_at__isnull=False,
                    status__isnull=False,
                    content_type__isnull=False,
                    body__isnull=False,
                ),
                name="idempotency_answer_is_whole",
            ),
        ]


class QuotaUse(models.Model):
    """How much of one quota a partner used in its current period. Unlogged: a crash forgets it."""

    pk = models.CompositePrimaryKey("partner_id", "name")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    period = models.BigIntegerField()
    used = models.BigIntegerField()

    class Meta:
        db_table = "quota_use"


class PartnerCall(models.Model):
    """One call of a partner, with the verdict code that it got (``OK`` or the refusal's)."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    request_id = models.TextField()
    key_id = models.TextField(blank=True)  #: as claimed; empty if the call named none
    endpoint = models.TextField()
    method = models.TextField()
    code = models.TextField()
    status = models.SmallIntegerField()
    accepted = models.IntegerField()
    duplicate = models.IntegerField()
    conflict = models.IntegerField()
    rejected = models.IntegerField()
    held = models.IntegerField()
    duration_ms = models.IntegerField()

    class Meta:
        db_table = "partner_call"
        indexes: ClassVar = [
            models.Index(fields=["partner", "-id"], name="partner_call_latest"),
            BrinIndex(fields=["at"], name="partner_call_by_time"),
        ]


class PartnerOidc(models.Model):
    """A partner's identity provider, and where the secret lies by which it knows us."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, primary_key=True)
    issuer = models.TextField()
    client_id = models.TextField()
    secret_file = models.TextField()  #: a path; the secret itself is never in the database
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "partner_oidc"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(issuer="")
                & ~models.Q(client_id="")
                & ~models.Q(secret_file=""),
                name="partner_oidc_is_whole",
            ),
        ]
