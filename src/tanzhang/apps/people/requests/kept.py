"""What is kept of a person's requests, for her copy: her words and every answer, opened for her."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tanzhang.apps.people.privacy import Cursor
from tanzhang.apps.people.requests.asking import requests_of, steps_of


def request_rows(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """What she asked for."""
    for found in requests_of(cursor, subject_id):
        yield {
            "number": found.id,
            "account": found.account_id,
            "kind": found.kind.value,
            "made_at": found.made_at.isoformat(),
            "due_on": found.due_on.isoformat(),
            "made_by": found.made_by,
            "words": found.words,
            "state": found.state.value,
        }


def step_rows(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """What was done about it, and what she was told."""
    for found in requests_of(cursor, subject_id):
        for step in steps_of(cursor, found):
            yield {
                "number": found.id,
                "at": step.at.isoformat(),
                "state": step.state.value,
                "made_by": step.made_by,
                "answer": step.words,
            }
