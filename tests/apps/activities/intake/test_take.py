"""A batch is taken whole: each event gets its answer; batch, pieces and receipt stand together."""

from __future__ import annotations

import pytest
from batches import answers, enrol, event, sealed, take, text, with_key

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def test_an_event_is_accepted_once_and_its_repetition_is_a_duplicate() -> None:
    enrol("ada")
    assert answers(take(text(event()))) == [("accepted", None)]
    assert answers(take(text(event(), event("e2")))) == [
        ("duplicate", "same_content"),
        ("accepted", None),
    ]


def test_sealed_fields_are_opened() -> None:
    enrol("ada")
    data = {"inputs": {"distance_m": sealed("2300", "e2", "/data/inputs/distance_m")}}
    receipt = take(
        with_key(event("e1"), event("e2", data, subject=sealed("ada", "e2", "/subject")))
    )
    assert answers(receipt) == [("accepted", None), ("accepted", None)]
