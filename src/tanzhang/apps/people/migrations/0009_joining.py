"""Who may join, by which form, and who tries what first."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models.functions import Now

#: Whoever approves or refuses is another person than the proposer; account and subject agree.
HELD = """
alter table stage_decision
    add constraint stage_decision_change foreign key (change_id, proposed_by)
        references stage_change (id, proposed_by),
    add constraint stage_decision_names_decider check (btrim(decided_by) <> ''),
    add constraint stage_decision_by_the_right_person check (
        (decision in ('approved', 'refused'))
        = (lower(btrim(decided_by)) <> lower(btrim(proposed_by))));
alter table joining_record add constraint joining_record_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table joining_ground add constraint joining_ground_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table cohort_member add constraint cohort_member_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table survey_reply add constraint survey_reply_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
"""

FREE = """
alter table survey_reply drop constraint survey_reply_account_of_subject;
alter table cohort_member drop constraint cohort_member_account_of_subject;
alter table joining_ground drop constraint joining_ground_account_of_subject;
alter table joining_record drop constraint joining_record_account_of_subject;
alter table stage_decision
    drop constraint stage_decision_by_the_right_person,
    drop constraint stage_decision_names_decider,
    drop constraint stage_decision_change;
"""


def to(model: str, **how: Any) -> models.ForeignKey[Any]:
    """A reference to a row of another table."""
    return models.ForeignKey(f"people.{model}", on_delete=models.PROTECT, **how)


def key(*columns: str) -> models.CompositePrimaryKey:
    """A primary key of several columns."""
    how: Any = {"blank": True, "editable": False, "primary_key": True, "serialize": False}
    return models.CompositePrimaryKey(*columns, **how)


OPENED = [
    migrations.CreateModel(
        name="JoiningRecord",
        fields=[
            (
                "account",
                models.OneToOneField(
                    "people.Account",
                    on_delete=models.PROTECT,
                    primary_key=True,
                    serialize=False,
                    db_constraint=False,
                ),
            ),
            ("subject", to("Subject", db_constraint=False, db_index=False)),
            ("at", models.DateTimeField(db_default=Now())),
            ("host_id", models.SmallIntegerField(null=True)),
            ("door", models.TextField()),
            ("text", to("ConsentText", db_index=False)),
        ],
        options={
            "db_table": "joining_record",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(door="phone", host_id=None)
                    | models.Q(door="host", host_id__isnull=False),
                    name="joining_record_host_by_its_door",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="JoiningGround",
        fields=[
            ("pk", key("account_id", "rule")),
            ("account", to("Account", db_constraint=False, db_index=False)),
            ("subject", to("Subject", db_constraint=False, db_index=False)),
            ("rule", models.TextField()),
            ("evidence", models.TextField()),
            ("source", models.TextField()),
        ],
        options={
            "db_table": "joining_ground",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(evidence__in=["claim", "list", "field"]),
                    name="joining_ground_evidence_is_known",
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="PeopleListEntry",
        fields=[
            ("pk", key("programme_id", "list", "entry_index")),
            ("programme_id", models.SmallIntegerField()),
            ("list", models.TextField()),
            ("entry_index", models.BinaryField()),
            ("index_key", to("IndexKey", null=True)),
            ("loaded_at", models.DateTimeField(db_default=Now())),
        ],
        options={"db_table": "people_list_entry"},
    ),
]

FIRST = [
    migrations.CreateModel(
        name="CohortMember",
        fields=[
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("programme_id", models.SmallIntegerField()),
            ("cohort", models.TextField()),
            ("account", to("Account", db_constraint=False)),
            ("subject", to("Subject", db_constraint=False, db_index=False)),
            ("number", models.IntegerField()),
            ("joined_at", models.DateTimeField(db_default=Now())),
            ("left_at", models.DateTimeField(null=True)),
        ],
        options={
            "db_table": "cohort_member",
            "constraints": [
                models.UniqueConstraint(
                    fields=("programme_id", "cohort", "number"),
                    name="cohort_member_has_own_number",
                ),
                models.UniqueConstraint(
                    fields=("programme_id", "cohort", "account"),
                    condition=models.Q(left_at=None),
                    name="cohort_member_once",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="StageChange",
        fields=[
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("programme_id", models.SmallIntegerField()),
            ("kind", models.TextField()),
            ("name", models.TextField()),
            ("value", models.TextField()),
            ("proposed_by", models.TextField()),
            ("proposed_at", models.DateTimeField(db_default=Now())),
            ("note", models.TextField()),
        ],
        options={
            "db_table": "stage_change",
            "indexes": [
                models.Index(fields=["programme_id", "kind", "name", "-id"], name="stage_change_of")
            ],
            "constraints": [
                models.UniqueConstraint(fields=("id", "proposed_by"), name="stage_change_proposer"),
                models.CheckConstraint(
                    condition=models.Q(kind="cohort", value__in=["open", "closed", "everyone"])
                    | (models.Q(kind="feature") & ~models.Q(value="")),
                    name="stage_change_means_something",
                ),
                models.CheckConstraint(
                    condition=~models.Q(proposed_by="") & ~models.Q(note=""),
                    name="stage_change_says_who_and_why",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="StageDecision",
        fields=[
            (
                "change",
                models.OneToOneField(
                    "people.StageChange",
                    on_delete=models.PROTECT,
                    primary_key=True,
                    serialize=False,
                    db_constraint=False,
                ),
            ),
            ("decided_at", models.DateTimeField(db_default=Now())),
            ("decision", models.TextField()),
            ("proposed_by", models.TextField()),
            ("decided_by", models.TextField()),
            ("note", models.TextField()),
        ],
        options={
            "db_table": "stage_decision",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(decision__in=["approved", "refused", "withdrawn", "alone"]),
                    name="stage_decision_is_known",
                )
            ],
        },
    ),
]

ANSWERED = [
    migrations.CreateModel(
        name="SurveyReply",
        fields=[
            ("pk", key("account_id", "survey")),
            ("account", to("Account", db_constraint=False, db_index=False)),
            ("subject", to("Subject", db_constraint=False, db_index=False)),
            ("survey", models.TextField()),
        ],
        options={"db_table": "survey_reply"},
    ),
    migrations.CreateModel(
        name="SurveyCount",
        fields=[
            ("pk", key("programme_id", "survey", "question", "answer")),
            ("programme_id", models.SmallIntegerField()),
            ("survey", models.TextField()),
            ("question", models.TextField()),
            ("answer", models.TextField()),
            ("chosen", models.IntegerField()),
            ("waiting", models.IntegerField()),
        ],
        options={
            "db_table": "survey_count",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(chosen__gte=0, waiting__gte=0),
                    name="survey_count_is_of_somebody",
                )
            ],
        },
    ),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0008_consent")]
    operations: ClassVar = [*OPENED, *FIRST, *ANSWERED, migrations.RunSQL(HELD, FREE)]
