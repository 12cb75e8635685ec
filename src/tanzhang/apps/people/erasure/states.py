"""The state of an account: what may still be done with it, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.people.consenting.windows import lock_source
from tanzhang.apps.people.erasure.meanwhile import stay
from tanzhang.apps.people.erasure.models import State
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: How the reason begins for which an account is frozen by a sanction; the step follows.
BY_SANCTION: Final = "sanction_"

#: In these states nothing new is collected.
ENDED: Final = frozenset({State.CLOSED, State.ERASED})

_LAST: Final = """
select distinct on (account_id) account_id, state, since, reason from account_state
where account_id = any(%s) order by account_id, id desc
"""


# In one order for everybody, so that nobody waits in a circle.
_SOURCES: Final = """
select partner_id from partner_link where account_id = any(%(accounts)s)
union select partner_id from consent
where account_id = any(%(accounts)s) and to_us is null and partner_id is not null
order by partner_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The state that an account is in, since when, and why."""

    state: State
    since: datetime | None
    reason: str

    @property
    def is_sanctioned(self) -> bool:
        """Whether a sanction froze it, and not a death or a claim to it."""
        return self.state is State.FROZEN and self.reason.startswith(BY_SANCTION)


#: Of an account to which nothing ever happened.
OPEN: Final = Standing(State.OPEN, None, "")


def account_state(cursor: Cursor, account_ids: Sequence[int]) -> dict[int, Standing]:
    """The state of each of these accounts."""
    cursor.execute(_LAST, [list(account_ids)])
    found = {row[0]: Standing(State(row[1]), row[2], row[3]) for row in cursor.fetchall()}
    return {number: found.get(number, OPEN) for number in account_ids}


def ended_accounts(cursor: Cursor, account_ids: Sequence[int]) -> set[int]:
    """Those of these accounts for which nothing new may be collected."""
    cursor.execute(_LAST, [list(account_ids)])
    return {row[0] for row in cursor.fetchall() if row[1] in ENDED}


def set_account_state(
    cursor: Cursor,
    account_ids: Sequence[int],
    state: State,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Give accounts another state; ``reason`` is a short code or words without personal data.

    Nobody else changes these states until the transaction ends (``hold_states``). Closing waits
    until no partner's batch is at the door that may tell of the account, and ends its consents
    then: a batch is taken before that instant as a whole, or refused after it as a whole.
    Raises ``people.account_erased``: nothing leads back from there.
    """
    hold_states(cursor, account_ids)
    free_us = lock_sources_of(cursor, account_ids) if state in ENDED else 0
    for standing in account_state(cursor, account_ids).values():
        if standing.state is State.ERASED:
            raise Problem("people.account_erased")
    cursor.execute(
        "insert into account_state (account_id, state, reason, since)"
        " select id, %s, %s, coalesce(%s, now()) from unnest(%s::bigint[]) as given(id)",
        [state.value, reason, at, list(account_ids)],
    )
    if state in ENDED:
        end_consents(cursor, account_ids, free_us)


def hold_states(cursor: Cursor, account_ids: Sequence[int]) -> None:
    """Let nobody else change the state of these accounts until the transaction ends.

    Whoever decides by a state takes this first: what she reads then is still true when she writes.
    """
    stay(cursor, _subjects_of(cursor, account_ids))
    for number in sorted(account_ids):
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('account_state', %s))", [number]
        )


def state_beneath(cursor: Cursor, account_id: int) -> Standing:
    """The state of an account, looking through a restriction to what it will be without it."""
    history = reversed(state_history(cursor, account_id))
    return next((each for each in history if each.state is not State.RESTRICTED), OPEN)


def lift_restriction(cursor: Cursor, account_id: int, reason: str) -> State:
    """Bring an account back to what it was before it was restricted; the state that it has now.

    It is again what it was for the reason that it was: who froze it for a time thaws it then.
    """
    hold_states(cursor, [account_id])
    standing = account_state(cursor, [account_id])[account_id]
    if standing.state is not State.RESTRICTED:
        return standing.state
    before = state_beneath(cursor, account_id)
    again = f"{before.reason}; lifted: {reason}" if before.reason else reason
    set_account_state(cursor, [account_id], before.state, again)
    return before.state


def lock_sources_of(cursor: Cursor, account_ids: Sequence[int]) -> int:
    """Wait until no batch is at the door of any partner that may tell of these accounts.

    Nobody comes to these doors until the transaction ends. The instant at which the wait was over,
    in microseconds UTC.
    """
    cursor.execute(_SOURCES, {"accounts": list(account_ids)})
    free_us = [lock_source(cursor, partner_id) for (partner_id,) in cursor.fetchall()]
    return max(free_us, default=0) or _now_us(cursor)


def end_consents(cursor: Cursor, account_ids: Sequence[int], at_us: int) -> None:
    """End every consent of these accounts that is live; the caller holds their sources."""
    cursor.execute(
        "update consent set to_us = greatest(from_us, %s)"
        " where account_id = any(%s) and to_us is null",
        [at_us, list(account_ids)],
    )


def state_history(cursor: Cursor, account_id: int) -> list[Standing]:
    """Every state that an account was in, the earliest first."""
    cursor.execute(
        "select state, since, reason from account_state where account_id = %s order by id",
        [account_id],
    )
    return [Standing(State(row[0]), row[1], row[2]) for row in cursor.fetchall()]


def refuse_restricted(states: Mapping[int, Standing]) -> None:
    """Raise ``people.account_restricted`` if one of the accounts may not be read."""
    if any(standing.state is State.RESTRICTED for standing in states.values()):
        raise Problem("people.account_restricted")


def _subjects_of(cursor: Cursor, account_ids: Sequence[int]) -> list[int]:
    cursor.execute("select subject_id from account where id = any(%s)", [list(account_ids)])
    return [row[0] for row in cursor.fetchall()]


def _now_us(cursor: Cursor) -> int:
    cursor.execute("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")
    return int(cursor.fetchall()[0][0])
