"""Acts from all over the log, for whoever wants to check receipts of acts he did not choose.

The sample is spread over the log: some acts each from pieces at even distances, the same ones as
long as the log is the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.proving.evidence import Evidence
from tanzhang.apps.activities.proving.receipts import act_receipt
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import State, account_numbered, account_state
from tanzhang.problems import Problem
from tanzhang.proofs import Document

#: Rather so many pieces than more: deriving the leaves of one is the costly part.
_PIECES: Final = 24

# The account that an event stands under now.
_HOLDER: Final = """
select account_id
from event_identity join activity using (subject_id, month, event_key)
    join log_entry using (piece_id)
where event_key = %s and cause <> %s
order by position desc, outcome_no desc limit 1
"""


def sample_receipts(count: int, evidence: Evidence) -> Iterator[Document]:
    """Receipts of so many acts, or of all if there are fewer. Raises ``ledger.nothing_logged``."""
    append_positions()
    pieces = _spread(_logged_pieces(), min(count, _PIECES))
    if not pieces:
        raise Problem("ledger.nothing_logged")
    share = -(-count // _PIECES)
    left, seen = count, set[bytes]()
    for most in (share, count):  # and then whatever else the pieces have
        for piece_id in pieces:
            own = _events(evidence, piece_id, seen)
            for event_key in own[: min(most, left)]:
                seen.add(event_key)
                receipt = _receipt(event_key, evidence)
                if receipt is not None:
                    left -= 1
                    yield receipt
            if left == 0:
                return


def _events(evidence: Evidence, piece_id: int, seen: set[bytes]) -> list[bytes]:
    """The events of a piece that were not taken yet, in the order of its leaves."""
    keys = dict.fromkeys(key for key, _, _ in evidence.leaves(piece_id).places)
    return [key for key in keys if key not in seen]


def _receipt(event_key: bytes, evidence: Evidence) -> Document | None:
    """The event's receipt; None where its person was erased."""
    key = uuid.UUID(bytes=event_key)
    with bulk_transaction() as cursor:
        cursor.execute(_HOLDER, [key, int(Cause.MOVED)])
        ((account_id,),) = cursor.fetchall()
        if account_state(cursor, [account_id])[account_id].state is State.ERASED:
            return None
    account = account_numbered(account_id)
    assert account is not None  # the row refers to it
    return act_receipt(account, key.hex, evidence)


def _logged_pieces() -> list[int]:
    with bulk_transaction() as cursor:
        cursor.execute("select piece_id from log_entry where leaf_count > 0 order by position")
        return [row[0] for row in cursor.fetchall()]


def _spread(pieces: list[int], count: int) -> list[int]:
    """The same pieces; so many at even distances come first."""
    first = min(count, len(pieces))
    chosen = dict.fromkeys(pieces[place * len(pieces) // first] for place in range(first))
    return [*chosen, *(piece for piece in pieces if piece not in chosen)]
