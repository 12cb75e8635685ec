"""Standing, agreements, keys, and what is remembered of calls; more SQL is in the file beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

REVERSE = """
drop function forget_calls();
drop function forget_nonces();
drop trigger partner_key_is_kept on partner_key;
drop function keep_partner_key();
"""


def of_partner() -> tuple[str, models.Field[Any, Any]]:
    """The field by which a row belongs to its partner; the row's own index leads with it."""
    return "partner", models.ForeignKey(
        db_index=False, on_delete=models.PROTECT, to="partners.partner"
    )


def check(model: str, name: str, condition: Any) -> migrations.AddConstraint:
    """A constraint of one table."""
    return migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "made_at",
                    models.DateTimeField(db_default=Now()),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("report", "Report"),
                            ("read_balance", "Read Balance"),
                            ("pull", "Pull"),
                        ]
                    ),
                ),
                (
                    "scenes",
                    ArrayField(base_field=models.TextField(), null=True, size=None),
                ),
                ("default_grade", models.SmallIntegerField()),
                ("items_a_day", models.BigIntegerField()),
                ("calls_a_minute", models.IntegerField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("text_digest", models.BinaryField(null=True)),
                of_partner(),
            ],
            options={
                "db_table": "agreement",
            },
        ),
        migrations.CreateModel(
            name="AgreementEnd",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "noted_at",
                    models.DateTimeField(db_default=Now()),
                ),
                ("ended_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("ended_by", models.TextField()),
                (
                    "agreement",
                    models.ForeignKey(on_delete=models.PROTECT, to="partners.agreement"),
                ),
            ],
            options={
                "db_table": "agreement_end",
            },
        ),
        migrations.CreateModel(
            name="Idempotency",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.TextField()),
                ("digest", models.BinaryField()),
                ("started_at", models.DateTimeField(db_index=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("status", models.SmallIntegerField(null=True)),
                ("content_type", models.TextField(null=True)),
                ("body", models.BinaryField(null=True)),
                of_partner(),
            ],
            options={
                "db_table": "idempotency",
            },
        ),
        migrations.CreateModel(
            name="PartnerCall",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
                ("request_id", models.TextField()),
                ("key_id", models.TextField(blank=True)),
                ("endpoint", models.TextField()),
                ("method", models.TextField()),
                ("code", models.TextField()),
                ("status", models.SmallIntegerField()),
                ("accepted", models.IntegerField()),
                ("duplicate", models.IntegerField()),
                ("conflict", models.IntegerField()),
                ("rejected", models.IntegerField()),
                ("held", models.IntegerField()),
                ("duration_ms", models.IntegerField()),
                of_partner(),
            ],
            options={
                "db_table": "partner_call",
            },
        ),
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("key_id", models.TextField(unique=True)),
                ("purpose", models.TextField(choices=[("sign", "Sign"), ("encrypt", "Encrypt")])),
                ("slot", models.SmallIntegerField()),
                ("algorithm", models.TextField()),
                ("pem", models.TextField()),
                (
                    "announced_at",
                    models.DateTimeField(db_default=Now()),
                ),
                ("active_from", models.DateTimeField()),
                ("active_until", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("compromised_since", models.DateTimeField(null=True)),
                (
                    "partner",
                    models.ForeignKey(on_delete=models.PROTECT, to="partners.partner"),
                ),
            ],
            options={
                "db_table": "partner_key",
            },
        ),
        migrations.CreateModel(
            name="PartnerStanding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "standing",
                    models.TextField(
                        choices=[
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                        ]
                    ),
                ),
                ("reason", models.TextField()),
                ("changed_by", models.TextField()),
                of_partner(),
            ],
            options={
                "db_table": "partner_standing",
            },
        ),
        migrations.CreateModel(
            name="QuotaUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField()),
                ("period", models.BigIntegerField()),
                ("used", models.BigIntegerField()),
                of_partner(),
            ],
            options={
                "db_table": "quota_use",
            },
        ),
        migrations.CreateModel(
            name="UsedNonce",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner_id",
                        "nonce",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("nonce", models.TextField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                of_partner(),
            ],
            options={
                "db_table": "used_nonce",
            },
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["partner", "kind"], name="agreement_of_partner"),
        ),
        check(
            "agreement",
            "agreement_kind_known",
            models.Q(("kind__in", ["report", "read_balance", "pull"])),
        ),
        check(
            "agreement",
            "agreement_names_scenes",
            models.Q(("scenes", None), ("scenes__len__gt", 0), _connector="OR"),
        ),
        check(
            "agreement",
            "agreement_quotas_are_positive",
            models.Q(("calls_a_minute__gt", 0), ("items_a_day__gt", 0)),
        ),
        check(
            "agreement",
            "agreement_ends_after_it_begins",
            models.Q(
                ("valid_until", None),
                ("valid_until__gt", models.F("valid_from")),
                _connector="OR",
            ),
        ),
        check("agreement", "agreement_digest_is_32_bytes", Exact(Length("text_digest"), 32)),
        check(
            "agreementend",
            "agreement_end_has_reason",
            models.Q(
                models.Q(("reason", ""), _negated=True),
                models.Q(("ended_by", ""), _negated=True),
            ),
        ),
        check("idempotency", "idempotency_digest_is_32_bytes", Exact(Length("digest"), 32)),
        check(
            "idempotency",
            "idempotency_answer_is_whole",
            models.Q(
                models.Q(
                    ("body", None),
                    ("content_type", None),
                    ("finished_at", None),
                    ("status", None),
                ),
                models.Q(
                    ("body__isnull", False),
                    ("content_type__isnull", False),
                    ("finished_at__isnull", False),
                    ("status__isnull", False),
                ),
                _connector="OR",
            ),
        ),
        migrations.AddIndex(
            model_name="partnercall",
            index=models.Index(fields=["partner", "-id"], name="partner_call_latest"),
        ),
        migrations.AddIndex(
            model_name="partnercall",
            index=BrinIndex(fields=["at"], name="partner_call_by_time"),
        ),
        check(
            "partnerkey",
            "partner_key_slot_fits_purpose",
            models.Q(
                models.Q(("purpose", "sign"), ("slot__in", (1, 2))),
                models.Q(("purpose", "encrypt"), ("slot__in", (3, 4))),
                _connector="OR",
            ),
        ),
        check(
            "partnerkey",
            "partner_key_is_announced_first",
            models.Q(("active_from__gte", models.F("announced_at"))),
        ),
        check(
            "partnerkey",
            "partner_key_ends_after_it_begins",
            models.Q(
                ("active_until", None),
                ("active_until__gt", models.F("active_from")),
                _connector="OR",
            ),
        ),
        check(
            "partnerkey",
            "partner_key_compromised_is_revoked",
            models.Q(
                ("compromised_since", None),
                models.Q(("revoked_at", None), _negated=True),
                _connector="OR",
            ),
        ),
        check(
            "partnerkey",
            "partner_key_is_whole",
            models.Q(
                models.Q(("key_id", ""), _negated=True),
                models.Q(("algorithm", ""), _negated=True),
                models.Q(("pem", ""), _negated=True),
            ),
        ),
        migrations.AddIndex(
            model_name="partnerstanding",
            index=models.Index(fields=["partner", "-id"], name="partner_standing_last"),
        ),
        check(
            "partnerstanding",
            "partner_standing_known",
            models.Q(("standing__in", ["active", "suspended", "closed"])),
        ),
        check(
            "partnerstanding",
            "partner_standing_has_reason",
            models.Q(
                models.Q(("reason", ""), _negated=True),
                models.Q(("changed_by", ""), _negated=True),
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
