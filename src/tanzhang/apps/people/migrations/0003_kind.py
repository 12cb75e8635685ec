"""What kind of installation this is, and its public name; codes are counted by the day."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

#: Accounts are opened for people who trust that nobody here is made up, or that everybody is.
TRIGGER = """
create function installation_keeps_its_kind() returns trigger language plpgsql as $$
begin
    if new.kind <> old.kind and exists (select from account) then
        raise check_violation using message = 'an installation with accounts keeps its kind';
    end if;
    return new;
end
$$;
create trigger installation_keeps_its_kind before update on installation
    for each row execute function installation_keeps_its_kind();
"""

NO_TRIGGER = """
drop trigger installation_keeps_its_kind on installation;
drop function installation_keeps_its_kind();
"""

#: Only fictitious people were ever enrolled without a wording that they agreed to.
MARK = """
update installation set kind = 'demonstration'
    where exists (select from consent where text_id is null);
"""


def name_it(apps: Any, schema_editor: Any) -> None:
    """Draw the public name, once and for ever."""
    row = apps.get_model("people", "Installation").objects.get()
    row.public_id = os.urandom(8)
    row.save()


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0002_log_in"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="installation",
            name="kind",
            field=models.TextField(db_default="live"),
        ),
        migrations.AddField(
            model_name="installation",
            name="public_id",
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(name_it, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="installation",
            name="public_id",
            field=models.BinaryField(),
        ),
        migrations.AddConstraint(
            model_name="installation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["live", "sandbox", "demonstration"])),
                name="installation_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="installation",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    django.db.models.functions.text.Length("public_id"), 8
                ),
                name="installation_public_id_is_8_bytes",
            ),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(fields=["phone_index", "made_at"], name="one_time_code_of_phone"),
        ),
        migrations.AddIndex(
            model_name="onetimecode",
            index=models.Index(
                fields=["address_index", "made_at"], name="one_time_code_of_network"
            ),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
    ]
