"""What is over is forgotten: nonces out of their window, old answers, calls of half a year ago."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from tanzhang.apps.partners import idempotency


def forget_what_is_over(at: datetime | None = None) -> None:
    """Remove what nobody may need any more; the database itself refuses to remove the rest.

    ``at`` dates Idempotency-Keys; nonces and calls go by the database's own clock.
    """
    oldest = (at or timezone.now()) - idempotency.KEPT
    with connection.cursor() as cursor:
        cursor.execute("select forget_nonces(), forget_calls()")
        cursor.execute("delete from idempotency where started_at < %s", [oldest])
