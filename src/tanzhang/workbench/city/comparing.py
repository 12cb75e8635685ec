"""The living city's journal beside the books: is what was acknowledged there, once, and no more?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tanzhang.apps.database import bulk_transaction
from tanzhang.workbench.city.journal import Answer, Journal, LiveBatch

#: A revision of an event: its key as 32 hexadecimal digits, and its number.
Revision = tuple[str, int]

_KEYS_AT_ONCE = 20_000

_REVISIONS = """
select replace(event_key::text, '-', ''), revision from event_identity
where event_key = any(%s::uuid[])
"""

# Where an event has moved to another month, the last row of the old one closes it there (cause 4).
_PLACES = """
with asked as (
    select distinct subject_id, month, event_key from event_identity
    where event_key = any(%s::uuid[])
), placed as (
    select event_key, (array_agg(cause order by outcome_no desc))[1] as cause
    from activity join asked using (subject_id, month, event_key)
    group by event_key, month
)
select replace(event_key::text, '-', ''), count(*) filter (where cause <> 4)
from placed group by event_key
"""

# What the door took in for the people of these events since the first of them. Pieces are
# numbered as they are stored; when a report arrived may lie in the future of a simulated past.
_SINCE = """
with ours as (
    select distinct subject_id, month, event_key from event_identity
    where event_key = any(%s::uuid[])
)
select distinct replace(event_key::text, '-', '')
from activity join piece on piece.id = piece_id
where outcome_no = 0 and kind = 0 and subject_id in (select subject_id from ours)
    and piece_id >= (
        select min(piece_id) from activity join ours using (subject_id, month, event_key)
        where outcome_no = 0
    )
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the journal says beside what the books hold; events by their keys.

    ``waiting`` are accepted and not settled yet: no fault, but nothing is compared before they are.
    """

    batches: int
    rows: int
    acts: int
    unanswered: int
    waiting: int
    lost: Sequence[str]  #: acknowledged, and not in the books
    repeated: Sequence[str]  #: in the books more than once
    uninvited: Sequence[str]  #: refused, and yet in the books
    unheard: Sequence[str]  #: in the books of the journal's people, and not in the journal

    @property
    def ok(self) -> bool:
        """Whether the journal equals the books."""
        faults = (self.lost, self.repeated, self.uninvited, self.unheard)
        return not (self.unanswered or self.waiting or any(faults))


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal says, by what became of each revision."""

    batches: int
    rows: int
    accepted: set[Revision]
    refused: set[Revision]
    unanswered: int


def compare(journal: Journal) -> Comparison:
    """Compare the journal with the books; nobody reports for the city meanwhile."""
    with journal.locked():
        told = _told(journal)
        acts = {key for key, _ in told.accepted}
        known = set(_asked(_REVISIONS, acts | {key for key, _ in told.refused}))
        places = dict(_asked(_PLACES, acts))
        unheard = _since(acts) - acts
    return Comparison(
        batches=told.batches,
        rows=told.rows,
        acts=len(acts),
        unanswered=told.unanswered,
        waiting=len({key for key, _ in told.accepted & known} - places.keys()),
        lost=sorted({key for key, _ in told.accepted - known}),
        repeated=sorted(key for key, count in places.items() if count != 1),
        uninvited=sorted({key for key, _ in (told.refused - told.accepted) & known}),
        unheard=sorted(unheard),
    )


def _told(journal: Journal) -> _Told:
    """Read the journal. A row that was known already was accepted before."""
    batches: dict[str, LiveBatch] = {}
    answered: set[str] = set()
    accepted: set[Revision] = set()
    refused: set[Revision] = set()
    for line in journal.lines():
        if isinstance(line, LiveBatch):
            batches[line.id] = line
        else:
            answered.add(line.batch)
            _sort(batches[line.batch], line, accepted, refused)
    return _Told(
        batches=len(batches),
        rows=sum(len(batch.rows) for batch in batches.values()),
        accepted=accepted,
        refused=refused,
        unanswered=len(batches.keys() - answered),
    )


def _sort(
    batch: LiveBatch, answer: Answer, accepted: set[Revision], refused: set[Revision]
) -> None:
    """Put each revision of a batch to what the door said of it."""
    for row, said in zip(batch.rows, answer.verdicts, strict=True):
        if said.event_key is None:
            continue
        known = said.verdict in ("accepted", "held", "duplicate")
        (accepted if known else refused).add((said.event_key, row["revision"]))


def _asked(query: str, keys: set[str]) -> Iterator[tuple[Any, ...]]:
    """The answers to a query about events, asked in portions."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), _KEYS_AT_ONCE):
        with bulk_transaction() as cursor:
            cursor.execute(query, [ordered[start : start + _KEYS_AT_ONCE]])
            yield from cursor.fetchall()


def _since(keys: set[str]) -> set[str]:
    with bulk_transaction() as cursor:
        cursor.execute(_SINCE, [sorted(keys)])
        return {key for (key,) in cursor.fetchall()}
