"""Everything that an outcome can say is said in both languages."""

from __future__ import annotations

import pytest

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.words import grams, kilograms, reason_sentence, say
from tanzhang.engine.acts import Reason, Status

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_status_reason_and_cause_has_words(lang: str) -> None:
    said = [
        *(say("status", s.name.lower(), lang, credited="1 g", points=1) for s in Status),
        *(reason_sentence(r.name.lower(), lang) for r in Reason if r is not Reason.BOUND),
        *(say("cause", c.name.lower(), lang) for c in Cause),
    ]
    assert len(set(said)) == len(said) == len(Status) + len(Reason) - 1 + len(Cause)


def test_a_bound_is_named_in_its_sentence() -> None:
    assert "“too_fast”" in reason_sentence("too_fast", "en")


@pytest.mark.parametrize(
    ("milligrams", "in_grams", "in_kilograms"),
    [
        (0, "0 g", "0 kg"),
        (1, "0.001 g", "0.000001 kg"),
        (-1_234_567, "-1,234.567 g", "-1.234567 kg"),
    ],
)
def test_masses_are_written_to_the_milligram(
    milligrams: int, in_grams: str, in_kilograms: str
) -> None:
    assert grams(milligrams, "en") == in_grams
    assert kilograms(milligrams, "en") == in_kilograms
    assert grams(milligrams, "zh") == in_grams.replace("g", "克")
