"""Named places where a test lets a process die, so that recovery is tested on real crashes.

``fault_point("name")`` does nothing unless the environment names it::

    TANZHANG_FAULT=settle.after_commit          die at its first passage
    TANZHANG_FAULT=settle.after_commit:3        die at its third passage
    TANZHANG_FAULT_FIRED=/path/to/marker        touched just before, so that the test knows it fired

Then the process kills itself with SIGKILL: no handler runs, no buffer is flushed, exactly as when
the power of a container goes. Whatever opens a live installation that has an account is refused
with one named, at its start and before each piece of work; so is migrating it, before anything is
applied, and bringing back the backup of a live installation (``config.kind``).
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

#: Every fault point with what is true at that moment. Tests enumerate this table.
FAULT_POINTS: dict[str, str] = {
    "door.consent_asked": "Consent is known, nothing of the report is written yet.",
    "door.before_commit": "Identities and pieces are written, nothing is accepted yet.",
    "door.after_commit": "The rows are accepted, the partner has not been told.",
    "intake.before_commit": "A batch is written beside its pieces, nothing is accepted yet.",
    "intake.after_commit": "A batch and its receipt are kept, the partner has not been told.",
    "erase.rooms_done": "What rooms keep of a person is taken away, she herself is not.",
    "erase.person_done": "A person is taken away, nothing is committed.",
    "erase.before_journal": "All is taken away, the journal does not know of it.",
    "erase.before_commit": "The journal says that a person is erased, the database does not yet.",
    "erase.after_commit": "A person is erased, who asked for it has not learnt it.",
    "reindex.before_commit": "Some indexes are under the new key, nothing is kept yet.",
    "reindex.after_commit": "Some people are found by the new index key, others by the old.",
    "linking.written": "A link is written or undone, the acts that it reaches are not asked for.",
    "linking.before_commit": "Requests for the acts wait, the link is not there yet.",
    "linking.after_commit": "The link is there, who made it has not learnt it.",
    "rules.activated": "Other rules are written, the acts that they reach are not asked for.",
    "rules.before_commit": "Requests for the acts wait, the rules are not in force yet.",
    "rules.after_commit": "The rules are in force, who changed them has not learnt it.",
    "suspicion.before_commit": "A part of what is suspect is listed or released, nothing is kept.",
    "suspicion.after_commit": "A part of what is suspect is listed or released, the next is not.",
    "settle.locked": "A worker holds a shard, nothing is read yet.",
    "settle.kin_held": "Shards of linked subjects are held as well, nothing is settled yet.",
    "settle.claims_taken": "Keys of shared things are taken, nothing is settled yet.",
    "settle.fast_settled": "Acts that need no history are settled, nothing is written yet.",
    "settle.history_settled": "All outcomes are known, none is written yet.",
    "settle.outcomes_written": "Outcomes are written, balances are not.",
    "settle.books_written": "Balances are written, the pieces still wait.",
    "settle.before_commit": "Everything is written, nothing is posted yet.",
    "settle.after_commit": "The pieces are posted, their worker has not learnt it.",
    "turn.master_made": "A new master key is there, every person's key is under the old one.",
    "turn.before_commit": "Some keys are under the new master key, nothing is kept yet.",
    "turn.after_commit": "Some keys are under the new master key, others under the old.",
}

_passages: dict[str, int] = {}


def named_fault() -> str:
    """What ``TANZHANG_FAULT`` asks for, or nothing."""
    return os.environ.get("TANZHANG_FAULT", "")


def fault_point(name: str) -> None:
    """Die here if ``TANZHANG_FAULT`` says so. ``KeyError`` for a name that is not in the table."""
    if name not in FAULT_POINTS:
        raise KeyError(f"{name!r} is not in FAULT_POINTS")
    wanted = named_fault()
    if not wanted:
        return
    wanted_name, _, count = wanted.partition(":")
    if wanted_name not in FAULT_POINTS:
        raise KeyError(f"TANZHANG_FAULT names {wanted_name!r}, which is not in FAULT_POINTS")
    if wanted_name != name:
        return
    _passages[name] = _passages.get(name, 0) + 1
    if _passages[name] == int(count or 1):
        marker = os.environ.get("TANZHANG_FAULT_FIRED")
        if marker:
            Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
