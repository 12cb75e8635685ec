"""Suspicions: which events a distrusted key vouches for, and what two persons decided of them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

SQL = Path(__file__).with_name("0008_suspicion.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("activities", "0007_reconciliation"),
        ("partners", "0004_webhook_promises"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Suspicion",
            fields=[
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="partners.partner"
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key_id", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("opened_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "suspicion",
            },
        ),
        migrations.CreateModel(
            name="SuspectEvent",
            fields=[
                (
                    "suspicion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.suspicion",
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "suspicion_id",
                        "event_key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("reduction_mg", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
                ("event_key", models.UUIDField(db_index=True)),
                ("month", models.IntegerField()),
                ("revision", models.IntegerField()),
                ("stands", models.IntegerField(null=True)),
                (
                    "treatment",
                    models.TextField(
                        choices=[("held", "Held"), ("replaced", "Replaced"), ("resting", "Resting")]
                    ),
                ),
            ],
            options={
                "db_table": "suspect_event",
            },
        ),
        migrations.CreateModel(
            name="SuspectClearance",
            fields=[
                (
                    "suspicion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.suspicion",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.batch",
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "suspicion_id",
                        "event_key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event_key", models.UUIDField()),
            ],
            options={
                "db_table": "suspect_clearance",
            },
        ),
        migrations.CreateModel(
            name="SuspicionStep",
            fields=[
                (
                    "suspicion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="activities.suspicion",
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("up_to", models.UUIDField(null=True)),
                ("events", models.IntegerField()),
                ("stage", models.TextField(choices=[("list", "List"), ("release", "Release")])),
                ("last", models.BooleanField()),
            ],
            options={
                "db_table": "suspicion_step",
            },
        ),
        migrations.CreateModel(
            name="SuspicionProposal",
            fields=[
                (
                    "suspicion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="activities.suspicion"
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "resolution",
                    models.TextField(choices=[("confirm", "Confirm"), ("reverse", "Reverse")]),
                ),
                ("proposed_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "suspicion_proposal",
            },
        ),
        migrations.CreateModel(
            name="SuspicionDecision",
            fields=[
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="activities.suspicionproposal",
                    ),
                ),
                ("suspicion_id", models.BigIntegerField()),
                (
                    "decided_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decision", models.TextField()),
                ("proposed_by", models.TextField()),
                ("decided_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "suspicion_decision",
            },
        ),
        migrations.RemoveConstraint(
            model_name="piece",
            name="piece_kind_known",
        ),
        migrations.AlterField(
            model_name="piece",
            name="kind",
            field=models.SmallIntegerField(
                choices=[
                    (0, "Report"),
                    (1, "Resettle"),
                    (2, "Hold"),
                    (3, "Neighbour"),
                    (4, "Restate"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [0, 1, 2, 3, 4])), name="piece_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspicion",
            constraint=models.UniqueConstraint(fields=("key_id", "since"), name="suspicion_once"),
        ),
        migrations.AddConstraint(
            model_name="suspicion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gt", models.F("since")), _connector="OR"
                ),
                name="suspicion_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspicion",
            constraint=models.CheckConstraint(
                condition=models.Q(("opened_by", ""), _negated=True),
                name="suspicion_names_who_opened_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspectevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("treatment__in", ["held", "replaced", "resting"])),
                name="suspect_event_treatment_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspectevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stands__lt", models.F("revision")), ("treatment", "replaced")),
                    models.Q(models.Q(("treatment", "replaced"), _negated=True), ("stands", None)),
                    _connector="OR",
                ),
                name="suspect_event_stands_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspiciondecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "approved")),
                fields=("suspicion_id",),
                name="suspicion_decision_approved_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspicionproposal",
            constraint=models.UniqueConstraint(
                fields=("id", "suspicion", "proposed_by"), name="suspicion_proposal_of_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspicionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("resolution__in", ["confirm", "reverse"])),
                name="suspicion_proposal_resolution_known",
            ),
        ),
        migrations.AddIndex(
            model_name="suspicionstep",
            index=models.Index(fields=["suspicion", "stage", "-id"], name="suspicion_step_latest"),
        ),
        migrations.AddConstraint(
            model_name="suspicionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["list", "release"])),
                name="suspicion_step_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspicionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last", True)),
                fields=("suspicion", "stage"),
                name="suspicion_step_ends_once",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
