"""The pages as they are read."""

from __future__ import annotations

import pytest

from surfaces.portal.histories import History
from surfaces.portal.people import Person, somebody

pytestmark = pytest.mark.database


def paths(history: History) -> list[str]:
    return [
        "",
        "actions/",
        "password/",
        "keys/",
        f"keys/{history.key_id}/",
        "calls/",
        "batches/",
        f"batches/{history.batch_id}/",
        "events/",
        "events/?id=bikes-1",
        "messages/",
        "messages/?state=dead",
        "days/",
        f"days/{history.day}/",
    ]


def test_every_page_answers(manager: Person, history: History) -> None:
    for path in paths(history):
        page = manager.reads(path)
        assert (path, page.status) == (path, 200), page.text
        print(path, page.text[:1500])
