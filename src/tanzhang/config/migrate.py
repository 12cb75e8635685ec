"""Bring the database to the present shape: roles, migrations, rights to tables."""

from __future__ import annotations

from tanzhang.config import environment, roles, setup
from tanzhang.config.kind import admit_fictitious_people, refuse_faults_before_migrating
from tanzhang.config.opening import open_installation

#: Whoever migrates holds this advisory lock: "tzmigr" as a number.
LOCK = 0x747A6D696772


def migrate() -> list[str]:
    """Apply what is missing, as owner, and grant the rights; the names of the applied migrations.

    Two who migrate at once wait for each other. Applies each migration in a transaction of its own,
    so that a failure leaves the ones before it; running again goes on from there. A sandbox is
    marked as one. Raises what ``admit_fictitious_people`` raises and, before anything is applied,
    what ``refuse_faults`` does.
    """
    setup(opens=False)
    roles.prepare()
    from django.core.management import call_command
    from django.db import connections, transaction
    from django.db.migrations.recorder import MigrationRecorder

    from tanzhang.apps.rights import grant_rights

    app, owner = connections["default"], connections["owner"]
    # A migration that fills tables through a plain manager means the connection that made them.
    connections["default"] = owner
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        refuse_faults_before_migrating()
        before = set(MigrationRecorder(owner).applied_migrations())
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        after = set(MigrationRecorder(owner).applied_migrations())
        with transaction.atomic(using="owner"):  # nobody is without rights meanwhile
            grant_rights(owner)
    finally:
        connections["default"] = app
        owner.close()  # gives the lock back too
    open_installation()
    if environment.is_sandbox():
        admit_fictitious_people()
    return [f"{app}.{name}" for app, name in sorted(after - before)]
