"""What a device said of an act, how likely it is true, and what people decided of it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0012_erasure")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditPick",
            fields=[
                ("event_key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "picked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("day", models.IntegerField()),
                ("pack_id", models.SmallIntegerField()),
            ],
            options={
                "db_table": "audit_pick",
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("account_id", models.BigIntegerField(db_index=True, null=True)),
                ("value", models.BigIntegerField()),
                ("from_day", models.IntegerField()),
                ("partner_id", models.SmallIntegerField(null=True)),
                ("pack_id", models.SmallIntegerField(null=True)),
                ("pack_version_id", models.SmallIntegerField(null=True)),
                ("rule", models.TextField()),
            ],
            options={
                "db_table": "watch",
            },
        ),
        migrations.CreateModel(
            name="ActSignal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "event_key",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("started_us", models.BigIntegerField()),
                ("ended_us", models.BigIntegerField()),
                ("amount", models.BigIntegerField(null=True)),
                ("findings", models.BigIntegerField()),
                ("told", models.BigIntegerField()),
                ("device", models.BigIntegerField(null=True)),
                ("s1", models.BigIntegerField(null=True)),
                ("s2", models.BigIntegerField(null=True)),
                ("s3", models.BigIntegerField(null=True)),
                ("s4", models.BigIntegerField(null=True)),
                ("s5", models.BigIntegerField(null=True)),
                ("s6", models.BigIntegerField(null=True)),
                ("s7", models.BigIntegerField(null=True)),
                ("s8", models.BigIntegerField(null=True)),
                ("s9", models.BigIntegerField(null=True)),
                ("s10", models.BigIntegerField(null=True)),
                ("s11", models.BigIntegerField(null=True)),
                ("s12", models.BigIntegerField(null=True)),
                ("event_key", models.UUIDField()),
                ("revision", models.IntegerField()),
                ("month", models.IntegerField()),
                ("day", models.IntegerField()),
                ("score", models.IntegerField()),
                ("age_days", models.IntegerField()),
                ("pack_id", models.SmallIntegerField()),
                ("pack_version_id", models.SmallIntegerField()),
                ("scene_id", models.SmallIntegerField()),
                ("partner_id", models.SmallIntegerField()),
                ("decider", models.SmallIntegerField()),
                ("tier", models.SmallIntegerField()),
                (
                    "consequence",
                    models.SmallIntegerField(
                        choices=[(0, "pass"), (1, "lower"), (2, "hold"), (3, "refuse")]
                    ),
                ),
                ("withdrawn", models.BooleanField()),
            ],
            options={
                "db_table": "act_signal",
                "indexes": [
                    models.Index(fields=["pack_id", "day"], name="act_signal_of_pack_and_day"),
                    models.Index(fields=["account_id", "day"], name="act_signal_of_account"),
                    models.Index(
                        condition=models.Q(("device__isnull", False)),
                        fields=["device", "account_id"],
                        name="act_signal_of_device",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditFinding",
            fields=[
                (
                    "pick",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="activities.auditpick",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("missed", models.BooleanField()),
                ("found_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "audit_finding",
            },
        ),
        migrations.CreateModel(
            name="PhotoEvidence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uploaded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("subject_id", models.BigIntegerField(db_index=True)),
                ("account_id", models.BigIntegerField()),
                ("token", models.BigIntegerField(unique=True)),
                ("scene_id", models.SmallIntegerField()),
                (
                    "looks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("picture", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "photo_evidence",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 32
                        ),
                        name="photo_evidence_digest_is_sm3",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("event_key", models.UUIDField()),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("value", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("score", models.IntegerField()),
                ("pack_id", models.SmallIntegerField()),
                ("pack_version_id", models.SmallIntegerField()),
                ("consequence", models.SmallIntegerField()),
                (
                    "source",
                    models.TextField(
                        choices=[
                            ("door", "Door"),
                            ("pattern", "Pattern"),
                            ("watch", "Watch"),
                            ("partner", "Partner"),
                            ("review", "Review"),
                        ]
                    ),
                ),
                ("rule", models.TextField()),
            ],
            options={
                "db_table": "quarantine",
                "indexes": [models.Index(fields=["account_id"], name="quarantine_of_account")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event_key", "source", "rule"), name="quarantine_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["door", "pattern", "watch", "partner", "review"])
                        ),
                        name="quarantine_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("consequence__in", [2, 3])),
                        name="quarantine_holds_or_refuses",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarantineDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("event_key", models.UUIDField(db_index=True)),
                (
                    "decision",
                    models.TextField(
                        choices=[
                            ("release", "Release"),
                            ("refuse", "Refuse"),
                            ("propose", "Propose"),
                        ]
                    ),
                ),
                ("decided_by", models.TextField()),
                ("proposed_by", models.TextField(null=True)),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "quarantine_decision",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["release", "refuse", "propose"])),
                        name="quarantine_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", ""), _negated=True),
                            models.Q(("note", ""), _negated=True),
                        ),
                        name="quarantine_decision_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by", None),
                            models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="quarantine_decision_of_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField(null=True)),
                ("account_id", models.BigIntegerField(db_index=True)),
                ("step", models.SmallIntegerField()),
                ("taken_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "sanction",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", [1, 2, 3, 4])), name="sanction_step_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_by", ""), _negated=True),
                            models.Q(("note", ""), _negated=True),
                        ),
                        name="sanction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchEnd",
            fields=[
                (
                    "watch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="activities.watch",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "watch_end",
            },
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account_id", None), ("partner_id__isnull", False)),
                    models.Q(("account_id__isnull", False), ("partner_id", None)),
                    _connector="OR",
                ),
                name="watch_is_of_an_account_or_a_partner",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
