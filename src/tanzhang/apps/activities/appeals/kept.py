"""What is kept of a person's appeals, for her copy: her words and every step, opened for her."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tanzhang.apps.activities.appeals.reading import appeals_of
from tanzhang.apps.people.api import Cursor, Kept, register


def appeal_rows(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """What she disputed."""
    for found in appeals_of(cursor, subject_id):
        yield {
            "number": found.id,
            "account": found.account_id,
            "about": found.about.value,
            "event": found.event,
            "made_at": found.made_at.isoformat(),
            "due_on": found.due_on.isoformat(),
            "status": found.status,
            "words": found.words,
        }


def answer_rows(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """What was done about it, and what she was told."""
    for found in appeals_of(cursor, subject_id):
        for step in found.steps:
            yield {
                "number": found.id,
                "at": step.at.isoformat(),
                "state": step.move.value,
                "decision": None if step.remedy is None else step.remedy.value,
                "made_by": step.made_by,
                "answer": step.words,
            }


SECTIONS: Final = (
    Kept("appeals", appeal_rows, tables=("appeal",)),
    Kept("appeal_answers", answer_rows, tables=("appeal_step",)),
)


def register_appeals() -> None:
    """Tell the register what is kept of appeals."""
    register(*SECTIONS)
