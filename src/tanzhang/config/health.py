"""``/healthz``: this process lives. ``/readyz``: it may be sent people.

Both are answered before everything else of the site: a probe calls by address and not by the
site's name, speaks no https, and must hear an answer when the database is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import InterfaceError
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import installation, vault
from tanzhang.config.opening import open_installation
from tanzhang.config.shape import lacking_columns
from tanzhang.problems import Problem


class Health:
    """Middleware: the outermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return JsonResponse({"status": "alive"})
        if request.path_info == "/readyz":
            return _readiness()
        return self._get_response(request)


def _readiness() -> JsonResponse:
    missing = missing_parts()
    answer = {"status": "not ready" if missing else "ready", "missing": missing}
    if not {"database", "migrations"} & {*missing}:
        answer["kind"] = installation().kind.value
    return JsonResponse(answer, status=503 if missing else 200)


def missing_parts() -> list[str]:
    """What the site still waits for.

    One of ``database``, ``migrations``, ``keys``, ``erasures``, ``catalogue``: the first that is
    missing.
    """
    try:
        connection.ensure_connection()
        if pending_migrations() or lacking_columns():
            return ["migrations"]
        if not _keys_open():
            return ["keys"]
        if not _erasures_carried_out():
            return ["erasures"]
        return [] if _has_catalogue() else ["catalogue"]
    except (DatabaseError, InterfaceError):
        connection.close()
        return ["database"]


def pending_migrations() -> list[str]:
    """Migrations of this version that the database lacks, as ``room.name``."""
    lacking = _shipped_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return sorted(f"{app}.{name}" for app, name in lacking)


@lru_cache(maxsize=1)
def _shipped_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _keys_open() -> bool:
    """Whether the key store opens what is kept of people."""
    try:
        with bulk_transaction() as cursor:
            vault.refuse_locked(cursor)
    except Problem as problem:
        if problem.code not in ("personal.master_key_lost", "personal.box_broken"):
            raise
        return False
    return True


def _erasures_carried_out() -> bool:
    """Whether whoever was erased is erased here too; a restored backup may need a person's word."""
    try:
        open_installation()
    except Problem as problem:
        if not problem.code.startswith("privacy.journal_"):
            raise
        return False
    return True


def _has_catalogue() -> bool:
    """Whether methodologies and a programme are in force; the first answer compiles them."""
    try:
        return bool(rulebook_in_force().rulebook.programmes)
    except Problem as problem:
        if problem.code != "catalogue.nothing_loaded":
            raise
        return False
