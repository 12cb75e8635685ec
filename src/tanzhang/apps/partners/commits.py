"""Commits that need not reach the disk before a call goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import transaction

from tanzhang.apps.database import bulk_transaction


@contextmanager
def lazy_transaction() -> Iterator[psycopg.Cursor[Any]]:
    """A transaction of which a power cut may lose the last second; never part of another one.

    For what nobody was promised: a line in a book, a mark that work has begun.
    """
    with transaction.atomic(durable=True), bulk_transaction() as cursor:
        cursor.execute("set local synchronous_commit = off")
        yield cursor
