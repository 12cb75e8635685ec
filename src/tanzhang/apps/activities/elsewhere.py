"""The same act in another account of the same person: who won there, and since when it is hers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.current import Months, current_acts
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.naming import Record, naming
from tanzhang.apps.activities.story import Story
from tanzhang.apps.activities.words import day_in_words, say
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account as find_account, person_of
from tanzhang.stored_time import date_of, day_number

# Where an event stands now.
_STANDING: Final = """
select account_id, activity.month, day
from event_identity join activity using (subject_id, month, event_key)
where event_key = %s and cause <> %s order by piece_id desc, outcome_no desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An act in another account of the same person that counts in the place of one in this.

    ``since`` is the local day from which both accounts are linked; None if both were always hers.
    """

    account: AccountEntry
    record: Record
    programme_title: str
    since: date | None

    def sentence(self, lang: str) -> str:
        """Who won, where, and why both are one act."""
        name = "other_account" if self.since is None else "linked_account"
        return say(
            "elsewhere",
            name,
            lang,
            partner=self.record.partner_title,
            scene=self.record.scene_title,
            day=day_in_words(self.record.day, lang),
            programme=self.programme_title,
            since=day_in_words(self.since, lang) if self.since else "",
        )


def counted_elsewhere(
    account: AccountEntry, told: Story, rules: RulesInForce, lang: str
) -> Elsewhere | None:
    """The act that this one lost to, if it is the same person's in another account."""
    if told.lost_to is None:
        return None
    with bulk_transaction() as cursor:
        cursor.execute(_STANDING, [uuid.UUID(told.lost_to), int(Cause.MOVED)])
        row = cursor.fetchone()
        # What is hers is shown to her, even where nobody else may read it any more.
        winner = None if row is None else find_account(str(row[0]), even_restricted=True)
        if row is None or winner is None or winner.id == account.id:
            return None
        since = None
        if winner.subject_id != account.subject_id:
            own_day = day_number(naming(account, rules, lang).day(told.started_us))
            since = _linked_since(
                cursor, (account.subject_id, own_day), (winner.subject_id, row[2])
            )
            if since is None:
                return None
        acts = current_acts(cursor, winner, Months([row[1]]))
    names = naming(winner, rules, lang)
    found = next(act for act in acts if act.event == told.lost_to)
    return Elsewhere(
        account=winner,
        record=names.record(found),
        programme_title=rules.programme_file(names.programme).title[lang],
        since=since,
    )


def _linked_since(
    cursor: psycopg.Cursor[Any], one: tuple[int, int], other: tuple[int, int]
) -> date | None:
    """Since when two subjects are one person, if they are on these days (each its own)."""
    windows = person_of(cursor, [one[0]])
    held = [
        next((w for w in windows if w.subject == subject and w.from_day <= day < w.to_day), None)
        for subject, day in (one, other)
    ]
    if held[0] is None or held[1] is None or held[0].party != held[1].party:
        return None
    return date_of(max(window.from_day for window in held if window is not None))
