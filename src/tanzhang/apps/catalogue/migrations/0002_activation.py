"""Proposals of activation and their decisions, by two persons.

What is loaded already was in force without any: it stays in force, as installed.
"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

#: Names are compared without their case and outer blanks, so that nobody is two persons.
DECISIONS = """
alter table activation_decision
    add constraint activation_decision_proposer foreign key (activation_id, proposed_by)
        references activation (id, proposed_by),
    add constraint activation_decision_known
        check (decision in ('approved', 'refused', 'withdrawn', 'installed')),
    add constraint activation_decision_names_decider check (btrim(decided_by) <> ''),
    add constraint activation_decision_two_persons check (
        decision not in ('approved', 'refused')
        or lower(btrim(decided_by)) <> lower(btrim(proposed_by))
        and 'installation' not in (lower(btrim(decided_by)), lower(btrim(proposed_by)))),
    add constraint activation_decision_own_withdrawal check (
        decision <> 'withdrawn' or lower(btrim(decided_by)) = lower(btrim(proposed_by))),
    add constraint activation_decision_installed check (
        (decision = 'installed') = (decided_by = 'installation' and proposed_by = 'installation'));
create unique index activation_decision_installed_once on activation_decision (decision)
    where decision = 'installed';
"""

NO_DECISIONS = """
drop index activation_decision_installed_once;
alter table activation_decision
    drop constraint activation_decision_installed,
    drop constraint activation_decision_own_withdrawal,
    drop constraint activation_decision_two_persons,
    drop constraint activation_decision_names_decider,
    drop constraint activation_decision_known,
    drop constraint activation_decision_proposer;
"""

IN_FORCE_ALREADY = """
insert into activation (from_day, proposed_by, note)
    select min(valid_from), 'installation', '' from (
        select valid_from from pack_version union all select valid_from from programme_version
    ) loaded having count(*) > 0;
insert into activation_item ("end", activation_id, pack_version_id)
    select valid_to, activation.id, pack_version.id from pack_version, activation;
insert into activation_item ("end", activation_id, programme_version_id)
    select valid_to, activation.id, programme_version.id from programme_version, activation;
insert into activation_decision (activation_id, decision, proposed_by, decided_by, note)
    select id, 'installed', 'installation', 'installation', '' from activation;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("from_day", models.IntegerField()),
                ("proposed_by", models.TextField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "activation",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id", "proposed_by"), name="activation_proposer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposed_by", ""), _negated=True),
                        name="activation_names_proposer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivationItem",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("end", models.IntegerField()),
                (
                    "activation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="catalogue.activation",
                    ),
                ),
                (
                    "pack_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.packversion",
                    ),
                ),
                (
                    "programme_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.programmeversion",
                    ),
                ),
            ],
            options={
                "db_table": "activation_item",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pack_version__isnull", False), ("programme_version__isnull", True)
                        )
                        | models.Q(
                            ("pack_version__isnull", True), ("programme_version__isnull", False)
                        ),
                        name="activation_item_is_one_version",
                    ),
                    models.UniqueConstraint(
                        fields=("activation", "pack_version"), name="activation_item_pack_once"
                    ),
                    models.UniqueConstraint(
                        fields=("activation", "programme_version"),
                        name="activation_item_programme_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivationDecision",
            fields=[
                (
                    "activation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="catalogue.activation",
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
            options={"db_table": "activation_decision"},
        ),
        migrations.RunSQL(DECISIONS, NO_DECISIONS),
        migrations.RunSQL(IN_FORCE_ALREADY, migrations.RunSQL.noop),
    ]
