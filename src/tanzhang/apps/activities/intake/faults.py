"""What is wrong with single events of a batch: the first fault of each is kept, and told."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from tanzhang.engine.rules import Flags

#: Every fault that intake finds before the door; the sentences are those of ``door.<code>``.
CODES: Final = (
    "event_malformed",
    "name_repeated",
    "text_unusable",
    "specversion_unknown",
    "type_unknown",
    "source_foreign",
    "programme_differs",
    "attribute_unusable",
    "data_missing",
    "value_type_wrong",
    "number_not_whole",
    "number_too_large",
    "revision_invalid",
    "grade_invalid",
    "time_invalid",
    "input_unknown",
    "seal_misplaced",
    "seal_malformed",
    "seal_key_missing",
    "seal_key_unusable",
    "seal_broken",
    "scene_not_agreed",
    "grade_above_agreement",
)


class Faults:
    """The first fault of each event."""

    def __init__(self, count: int) -> None:
        self._codes = np.zeros(count, np.int8)

    def note(self, wrong: Flags, code: str) -> None:
        """Give ``code`` to the events that are wrong in this way and in none before."""
        if wrong.any():
            self._codes[wrong & (self._codes == 0)] = CODES.index(code) + 1

    @property
    def none(self) -> Flags:
        """The events without fault so far."""
        found: Flags = self._codes == 0
        return found

    def codes(self) -> pl.Series:
        """The code of each event's fault; null where there is none."""
        names = pl.Series([None, *CODES], dtype=pl.String)
        return names.gather(self._codes.astype(np.int64))
