"""This installation: its public name, and its kind, which says whether people here may be real.

A fresh database is ``live`` and stays so unless its owner marks it, as ``sandbox`` or
``demonstration``, while it holds no account. Fictitious people live in marked installations alone;
there, and only there, one-time codes stand on the page and the demonstration's log-ins work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from tanzhang.apps.people.models import Account, Installation, Kind
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class InstallationEntry:
    """``id_text``, 16 hexadecimal digits, names the installation in whatever it signs."""

    id_text: str
    kind: Kind

    @property
    def is_fictitious(self) -> bool:
        """Whether nobody here is real."""
        return self.kind is not Kind.LIVE

    def has_accounts(self) -> bool:
        """Whether anybody, real or not, has an account here; asked anew."""
        return Account.objects.exists()


def installation() -> InstallationEntry:
    """This installation, read anew."""
    public_id, kind = Installation.objects.values_list("public_id", "kind").get()
    return InstallationEntry(bytes(public_id).hex(), Kind(kind))


def refuse_fictitious(cursor: psycopg.Cursor[Any]) -> None:
    """Raise ``people.installation_live`` where people may be real."""
    cursor.execute("select kind from installation")
    if cursor.fetchall() == [(Kind.LIVE.value,)]:
        raise Problem("people.installation_live")


def mark_installation(owner: psycopg.Connection[Any], kind: Kind) -> bool:
    """Give a ``live`` installation without accounts another kind, as owner; whether it got it."""
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("lock table account in share mode")  # nobody opens one meanwhile
        cursor.execute(
            "update installation set kind = %s"
            " where kind = %s and not exists (select from account) returning id",
            [kind.value, Kind.LIVE.value],
        )
        return cursor.fetchone() is not None
