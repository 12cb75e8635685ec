"""Which log-ins are over: whoever gets another way into an account leaves nobody else in it.

A log-in remembers how often the account's log-ins had been ended when it began. No clock is asked,
and no list of sessions is kept: one that has seen fewer ends than there were is over.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

from tanzhang.apps.people.identity.log_ins import Way
from tanzhang.apps.people.identity.models import EventKind

#: What ends every log-in, however it began; whoever did it begins another at once.
ENDING: Final = (EventKind.NUMBER_CHANGED, EventKind.RECOVERED)


def times_ended(cursor: psycopg.Cursor[Any], account_id: int, way: Way) -> int:
    """How often the log-ins that began by this way were ended.

    A number that opens somebody else's account now ends those that began by phone: nobody knows who
    had it last.
    """
    kinds = [*ENDING, EventKind.NUMBER_LOST] if way is Way.PHONE else [*ENDING]
    cursor.execute(
        "select count(*) from identity_event where account_id = %s and kind = any(%s)",
        [account_id, [kind.value for kind in kinds]],
    )
    return int(cursor.fetchall()[0][0])
