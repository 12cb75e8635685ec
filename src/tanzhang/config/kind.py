"""What the kind decides: fictitious people live in a sandbox or a demonstration alone.

Only there, and where nobody lives yet, may a process be told to die at a named place.
"""

from __future__ import annotations

from django.db import ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

from tanzhang.config import database, environment
from tanzhang.faults import named_fault
from tanzhang.problems import Problem


def wanted_kind() -> str:
    """What a command makes of an empty installation that is to hold fictitious people."""
    return "sandbox" if environment.is_sandbox() else "demonstration"


def admit_fictitious_people() -> None:
    """See to it that fictitious people may live here; an installation without accounts is marked.

    Django is set up and the database migrated. Raises ``people.installation_live`` where people may
    be real, and ``people.installation_other_kind`` if a sandbox meets a demonstration.
    """
    from tanzhang.apps.people.api import Kind, installation, mark_installation

    wanted = Kind(wanted_kind())
    if installation().kind is Kind.LIVE:
        with database.connect("owner") as owner:
            mark_installation(owner, wanted)
    found = installation().kind
    if found is Kind.LIVE:
        raise Problem("people.installation_live")
    if found is not wanted:
        raise Problem("people.installation_other_kind", kind=found.value, wanted=wanted.value)


def refuse_faults() -> None:
    """Raise ``configuration.fault_live`` if this process is to die where people may be real.

    A new installation counts as live until it is marked; without an account it hurts nobody. The
    database is asked only by a process whose environment names a fault.
    """
    fault = named_fault()
    if not fault:
        return
    from tanzhang.apps.people.api import installation

    here = installation()
    if not here.is_fictitious and here.has_accounts():
        raise Problem("configuration.fault_live", fault=fault)


def refuse_faults_before_migrating() -> None:
    """The same where tables may be missing: who has none of them knows nobody."""
    try:
        refuse_faults()
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            raise


def refuse_faults_in_backup(kind: str) -> None:
    """The same for what a backup brings back, of which ``kind`` it was."""
    if named_fault() and kind == "live":
        raise Problem("configuration.fault_live", fault=named_fault())
