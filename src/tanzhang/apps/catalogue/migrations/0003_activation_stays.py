"""What was proposed and decided stays, whoever writes: no late item, no change, no deletion.

The app's rights say so for the app; these triggers say it for everybody. An item and a decision of
one proposal wait for each other, so that no item slips in beside a decision.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

#: The functions run as the owner, since only who may update a row may lock it.
STAYS = """
create function activation_takes_turns() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from public.activation where id = new.activation_id for no key update;
    if tg_table_name = 'activation_item' and exists (
        select from public.activation_decision where activation_id = new.activation_id)
    then
        raise exception 'proposal % is decided and takes no more items', new.activation_id
            using errcode = 'check_violation', constraint = 'activation_item_before_decision';
    end if;
    return new;
end
$$;

create function activation_stays() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'what was proposed and decided stays: % of %', lower(tg_op), tg_table_name
        using errcode = 'check_violation', constraint = 'activation_stays';
end
$$;

revoke all on function activation_takes_turns(), activation_stays() from public;

create trigger activation_item_before_decision before insert on activation_item
    for each row execute function activation_takes_turns();
create trigger activation_decision_after_items before insert on activation_decision
    for each row execute function activation_takes_turns();

create trigger activation_stays before update or delete on activation
    for each statement execute function activation_stays();
create trigger activation_item_stays before update or delete on activation_item
    for each statement execute function activation_stays();
create trigger activation_decision_stays before update or delete on activation_decision
    for each statement execute function activation_stays();
"""

GOES = """
drop trigger activation_decision_stays on activation_decision;
drop trigger activation_item_stays on activation_item;
drop trigger activation_stays on activation;
drop trigger activation_decision_after_items on activation_decision;
drop trigger activation_item_before_decision on activation_item;
drop function activation_stays();
drop function activation_takes_turns();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0002_activation")]

    operations: ClassVar = [migrations.RunSQL(STAYS, GOES)]
