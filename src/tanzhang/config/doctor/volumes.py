"""How many people's data are handled, beside the thresholds from which on the law asks for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tanzhang.config.doctor.finding import Finding, Found

#: What is said of a number that has passed a threshold.
_SAID: Final = {
    "persons": "volumes.persons",
    "sensitive_persons": "volumes.sensitive",
    "cross_border_persons": "volumes.abroad",
}


def thresholds() -> Iterator[Finding]:
    """Each number of people that has passed a threshold, with all that follows from it.

    Only where people may be real: nobody owes the law anything for those who are made up.
    """
    from django.utils import timezone

    from tanzhang.apps.people.api import installation, measured_thresholds, volumes

    if installation().is_fictitious:
        return
    passed = [each for each in measured_thresholds(volumes(timezone.now())) if each.is_passed]
    if not passed:
        yield Found("volumes.ok")
    for count, code in _SAID.items():
        if every := [each for each in passed if each.threshold.count == count]:
            own = [each.threshold for each in every]
            details = {
                "people": every[0].people,
                "from_people": min(each.from_people for each in own),
                "law": _joined([each.law for each in own], zh="；", en="; "),
                "duty": _joined([each.duty for each in own], zh="", en=" "),
            }
            yield Found(code, details)


def _joined(texts: Sequence[Mapping[str, str]], **between: str) -> dict[str, str]:
    """Several texts as one, in each language with what goes between them there."""
    return {lang: sign.join(text[lang] for text in texts) for lang, sign in between.items()}
