"""A certificate over one account's acts of a period, from the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.proving.evidence import Evidence, RowName
from tanzhang.apps.activities.words import grams
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.log import pseudonym
from tanzhang.problems import Problem
from tanzhang.proofs import Bundle, Document, Period, make_certificate
from tanzhang.stored_time import day_number

# Every outcome under the account of the events that were last said to be on a day of the period.
_ROWS: Final = """
with own as (
    select uuid_send(event_key), outcome_no, month, pack_version_id, piece_id, position,
           first_value(day) over (partition by event_key order by position desc, cause = %s) as day
    from activity join log_entry using (piece_id)
    where subject_id = %s and account_id = %s)
select * from own where day between %s and %s order by position, 1, outcome_no, month
"""

_TEXT: Final = {
    "en": (
        "The account {account} of the programme “{programme}” has {acts} acts from {first} to"
        " {last}, which came to {total} of CO2e avoided, as recorded when this was issued."
    ),
    "zh": (
        "“{programme}”的账户 {account} 自 {first} 至 {last} 共有 {acts} 项行为，"
        "截至签发时记录的减排量合计 {total}（二氧化碳当量）。"
    ),
}


def certificate(
    account: AccountEntry, first_day: date, last_day: date, evidence: Evidence
) -> Document:
    """The signed certificate over the local days from ``first_day`` to ``last_day``, inclusive.

    Raises ``ledger.period_empty``, ``ledger.leaves_differ``.
    """
    rows = _rows(account, first_day, last_day)
    if not rows:
        raise Problem("ledger.period_empty", account=account.handle, first=first_day, last=last_day)
    root = evidence.root_over(rows)
    bundle = evidence.bundle(rows, root.size)
    name = account_name(account)
    programme = evidence.rules.programme_code(account.programme_id)
    zone = evidence.rules.programme(programme).time_zone
    return make_certificate(
        installation=evidence.installation,
        account=name,
        period=Period(first_day, last_day, zone),
        bundle=bundle,
        reading=_reading(name, programme, (first_day, last_day), bundle, evidence),
        root=root.parsed(),
        seal=evidence.seal,
    )


def account_name(account: AccountEntry) -> bytes:
    """The account's pseudonym in the log."""
    with bulk_transaction() as cursor:
        (key,) = people.person_keys(cursor, np.array([account.subject_id]))
        return pseudonym(key, account.id)


def _rows(account: AccountEntry, first_day: date, last_day: date) -> Sequence[RowName]:
    days = day_number(first_day), day_number(last_day)
    wanted = [int(Cause.MOVED), account.subject_id, account.id, *days]
    append_positions()
    with bulk_transaction() as cursor:
        cursor.execute(_ROWS, wanted)
        return [RowName(bytes(row[0]), *row[1:6]) for row in cursor.fetchall()]


def _reading(
    name: bytes, programme: str, days: tuple[date, date], bundle: Bundle, evidence: Evidence
) -> dict[str, Any]:
    titles = evidence.rules.programme_file(programme).title
    total_mg = sum(leaf.posted_mg for leaf in bundle.leaves)
    return {
        "programme": programme,
        **{
            lang: text.format(
                account=name.hex(),
                programme=titles[lang],
                acts=len({leaf.event_key for leaf in bundle.leaves}),
                first=days[0].isoformat(),
                last=days[1].isoformat(),
                total=grams(total_mg, lang),
            )
            for lang, text in _TEXT.items()
        },
    }
