"""How a person proves who she is, changes her number, comes back, and leaves."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TWO_PERSONS = """
alter table identity_decision
    add constraint identity_decision_proposer foreign key (proposal_id, proposed_by)
        references identity_proposal (id, proposed_by),
    add constraint identity_decision_known check (decision in ('approved', 'refused')),
    add constraint identity_decision_names_decider check (btrim(decided_by) <> ''),
    add constraint identity_decision_two_persons check (
        lower(btrim(decided_by)) <> lower(btrim(proposed_by)));
"""

NOT_TWO_PERSONS = """
alter table identity_decision
    drop constraint identity_decision_two_persons,
    drop constraint identity_decision_names_decider,
    drop constraint identity_decision_known,
    drop constraint identity_decision_proposer;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0010_subjects")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="IdentityProposal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("wish", models.TextField()),
                ("proposed_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "identity_proposal",
            },
        ),
        migrations.CreateModel(
            name="IdentityCase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("opens_at", models.DateTimeField(null=True)),
                ("kind", models.TextField(choices=[("recovery", "Recovery"), ("death", "Death")])),
                ("opened_by", models.TextField()),
                ("reason", models.TextField()),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), size=None
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.account"
                    ),
                ),
            ],
            options={
                "db_table": "identity_case",
            },
        ),
        migrations.CreateModel(
            name="IdentityCaseStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "step",
                    models.TextField(
                        choices=[
                            ("notified", "Notified"),
                            ("checked", "Checked"),
                            ("shortened", "Shortened"),
                            ("cancelled", "Cancelled"),
                            ("refused", "Refused"),
                            ("done", "Done"),
                            ("used", "Used"),
                        ]
                    ),
                ),
                ("by", models.TextField()),
                ("note", models.TextField()),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), size=None
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.identitycase"
                    ),
                ),
            ],
            options={
                "db_table": "identity_case_step",
            },
        ),
        migrations.CreateModel(
            name="IdentityDecision",
            fields=[
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.identityproposal",
                    ),
                ),
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
                "db_table": "identity_decision",
            },
        ),
        migrations.AddField(
            model_name="identityproposal",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="people.identitycase"
            ),
        ),
        migrations.CreateModel(
            name="IdentityEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("vouched", "Vouched"),
                            ("linked", "Linked"),
                            ("unlinked", "Unlinked"),
                            ("number_changed", "Number Changed"),
                            ("number_lost", "Number Lost"),
                            ("recovered", "Recovered"),
                            ("woke", "Woke"),
                            ("closed", "Closed"),
                            ("host_added", "Host Added"),
                        ]
                    ),
                ),
                ("by", models.TextField()),
                ("about", models.BigIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
            ],
            options={
                "db_table": "identity_event",
            },
        ),
        migrations.CreateModel(
            name="IdentityVouch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("vouched_at", models.DateTimeField()),
                ("partner_id", models.SmallIntegerField()),
                ("factor", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
            ],
            options={
                "db_table": "identity_vouch",
            },
        ),
        migrations.CreateModel(
            name="LastLogIn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "way",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.account",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("way", models.TextField()),
            ],
            options={
                "db_table": "last_log_in",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["phone", "host", "channel"])),
                        name="last_log_in_way_is_known",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="identitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "recovery"), ("opens_at__isnull", False)),
                    models.Q(("kind", "death"), ("opens_at", None)),
                    _connector="OR",
                ),
                name="identity_case_waits_as_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitycasestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "notified",
                            "checked",
                            "shortened",
                            "cancelled",
                            "refused",
                            "done",
                            "used",
                        ],
                    )
                ),
                name="identity_case_step_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitycasestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step__in", ["cancelled", "refused", "done"])),
                fields=("case",),
                name="identity_case_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("wish__in", ["shorten", "confirm_death"])),
                name="identity_proposal_wish_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("note", ""), _negated=True),
                    models.Q(("proposed_by", ""), _negated=True),
                ),
                name="identity_proposal_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproposal",
            constraint=models.UniqueConstraint(
                fields=("id", "proposed_by"), name="identity_proposal_proposer"
            ),
        ),
        migrations.AddIndex(
            model_name="identityevent",
            index=models.Index(fields=["account", "-id"], name="identity_event_of_account"),
        ),
        migrations.AddConstraint(
            model_name="identityevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "vouched",
                            "linked",
                            "unlinked",
                            "number_changed",
                            "number_lost",
                            "recovered",
                            "woke",
                            "closed",
                            "host_added",
                        ],
                    )
                ),
                name="identity_event_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityvouch",
            constraint=models.UniqueConstraint(
                fields=("account", "partner_id", "factor"), name="identity_vouch_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityvouch",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__in", ["id_number", "card_holder", "adult"])),
                name="identity_vouch_factor_is_known",
            ),
        ),
        migrations.RunSQL(TWO_PERSONS, NOT_TWO_PERSONS),
    ]
