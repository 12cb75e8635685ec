"""Consent by purpose, and what it takes to process sensitive data."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

#: What Django's models cannot say: rows that agree with each other, and when a text was overtaken.
FOLLOWS = """
alter table consent_giving add constraint consent_giving_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table child add constraint child_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);
alter table consent add constraint consent_repeats_its_giving
    foreign key (giving_id, account_id, purpose, text_id)
    references consent_giving (id, account_id, purpose, text_id);
alter table impact_decision add constraint impact_decision_of_its_author
    foreign key (assessment_id, proposed_by) references impact_assessment (id, proposed_by);
create view consent_text_end as
    select old.id as text_id,
           (extract(epoch from min(new.issued_at)) * 1000000)::bigint as outdated_us
    from consent_text old
    join consent_text new on new.code = old.code and new.id > old.id and new.material
    group by old.id;
"""

#: Letting a partner read the balance was a table of its own.
MOVE = """
do $$
declare
    old record;
    giving bigint;
    made bigint;
begin
    for old in select * from sharing_consent order by id loop
        insert into consent_giving (press, account_id, subject_id, given_us, purpose, text_id,
                channel, button, handler)
            values (gen_random_uuid(), old.account_id, old.subject_id, old.from_us,
                'share_balance', old.text_id, 'unstated', '', '')
            returning id into giving;
        insert into consent (account_id, subject_id, partner_id, from_us, to_us, text_id, purpose,
                giving_id)
            values (old.account_id, old.subject_id, old.partner_id, old.from_us, old.to_us,
                old.text_id, 'share_balance', giving)
            returning id into made;
        -- Below zero until all are moved: the numbers of both tables overlap.
        update disclosure set consent_id = -made where consent_id = old.id;
    end loop;
    update disclosure set consent_id = -consent_id where consent_id < 0;
end
$$;
set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0007_vault")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="disclosure",
            name="consent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.consent",
            ),
        ),
        migrations.CreateModel(
            name="Child",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.account",
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("fourteen_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "child",
            },
        ),
        migrations.CreateModel(
            name="ConsentGiving",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("press", models.UUIDField(unique=True)),
                ("given_us", models.BigIntegerField()),
                ("purpose", models.TextField()),
                ("channel", models.TextField()),
                ("button", models.TextField()),
                ("handler", models.TextField()),
            ],
            options={
                "db_table": "consent_giving",
            },
        ),
        migrations.CreateModel(
            name="ImpactAssessment",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("partner_id", models.SmallIntegerField(db_index=True)),
                ("purpose", models.TextField()),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("country", models.TextField()),
                ("mechanism", models.TextField(null=True)),
                ("contract", models.TextField(null=True)),
                (
                    "sub_processors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), db_default=[], size=None
                    ),
                ),
                ("necessity", models.TextField()),
                ("impact", models.TextField()),
                ("measures", models.TextField()),
                ("owner", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("is_fictitious", models.BooleanField()),
                ("proposed_by", models.TextField()),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "impact_assessment",
            },
        ),
        migrations.RemoveConstraint(
            model_name="consent",
            name="consent_open_once",
        ),
        migrations.AddField(
            model_name="consent",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], size=None
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="purpose",
            field=models.TextField(db_default="collect"),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="material",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AlterField(
            model_name="consent",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.account",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="partner_id",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="child",
            name="subject",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.subject",
            ),
        ),
        migrations.AddField(
            model_name="consentgiving",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.account",
            ),
        ),
        migrations.AddField(
            model_name="consentgiving",
            name="given_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.account",
            ),
        ),
        migrations.AddField(
            model_name="consentgiving",
            name="subject",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.subject",
            ),
        ),
        migrations.AddField(
            model_name="consentgiving",
            name="text",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="people.consenttext"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="giving",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.consentgiving",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["account", "partner_id", "purpose"], name="consent_of_account"
            ),
        ),
        migrations.CreateModel(
            name="ImpactDecision",
            fields=[
                (
                    "assessment",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.impactassessment",
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
                "db_table": "impact_decision",
            },
        ),
        migrations.CreateModel(
            name="ImpactEnd",
            fields=[
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.impactassessment",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_by", models.TextField()),
                ("reason", models.TextField()),
                ("data_left", models.TextField()),
            ],
            options={
                "db_table": "impact_end",
            },
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.UniqueConstraint(
                fields=("id", "proposed_by"), name="impact_assessment_by_its_author"
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        (
                            "collect",
                            "sensitive",
                            "share_balance",
                            "cross_border",
                            "photo",
                            "guardian",
                        ),
                    )
                ),
                name="impact_assessment_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                name="impact_assessment_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("fields__len__gt", 0)), name="impact_assessment_names_fields"
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="impact_assessment_country_is_a_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("country", "CN"), ("mechanism__isnull", False), _connector="OR"
                ),
                name="impact_assessment_abroad_by_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("necessity", ""), _negated=True),
                    models.Q(("impact", ""), _negated=True),
                    models.Q(("measures", ""), _negated=True),
                    models.Q(("owner", ""), _negated=True),
                    models.Q(("proposed_by", ""), _negated=True),
                ),
                name="impact_assessment_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentgiving",
            constraint=models.UniqueConstraint(
                fields=("id", "account", "purpose", "text"), name="consent_giving_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentgiving",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ("h5", "host", "mini_program", "console", "unstated"))
                ),
                name="consent_giving_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentgiving",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("purpose", "guardian"), _negated=True), ("given_by", None)),
                    models.Q(
                        ("given_by__isnull", False),
                        ("purpose", "guardian"),
                        models.Q(("given_by", models.F("account")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="consent_giving_by_her_or_guardian",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["approved", "refused", "withdrawn"])),
                name="impact_decision_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", models.F("proposed_by")), ("decision", "withdrawn")),
                    models.Q(
                        ("decision__in", ["approved", "refused"]),
                        models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="impact_decision_by_the_right_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactend",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_left__in", ["none", "returned", "deleted"])),
                name="impact_end_says_what_became_of_data",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactend",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("ended_by", ""), _negated=True),
                ),
                name="impact_end_has_reason",
            ),
        ),
        migrations.RunSQL(FOLLOWS, migrations.RunSQL.noop),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_us", None)),
                fields=("account", "partner_id", "purpose"),
                name="consent_open_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        (
                            "collect",
                            "sensitive",
                            "share_balance",
                            "cross_border",
                            "photo",
                            "guardian",
                        ),
                    )
                ),
                name="consent_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kinds__len__gt", 0), ("purpose", "sensitive")),
                    models.Q(models.Q(("purpose", "sensitive"), _negated=True), ("kinds__len", 0)),
                    _connector="OR",
                ),
                name="consent_names_what_is_sensitive",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose", "collect"),
                    ("text", None),
                    ("giving__isnull", False),
                    _connector="OR",
                ),
                name="consent_separate_has_giving",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "collect"), _negated=True),
                fields=("giving",),
                name="consent_separate_once",
            ),
        ),
        migrations.DeleteModel(name="SharingConsent"),
        migrations.AlterField(
            model_name="disclosure",
            name="consent",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="people.consent"
            ),
        ),
    ]
