"""The name of a reason that an outcome was posted with."""

from __future__ import annotations

from tanzhang.engine.acts import Reason
from tanzhang.engine.packs import CompiledPack
from tanzhang.engine.settle.eligibility import bounds_of


def reason_name(reason: int, edition: CompiledPack | None) -> str:
    """A reason's name in lower case; for a bound its name in the pack."""
    if reason >= Reason.BOUND and edition is not None:
        return bounds_of(edition.rules)[reason - Reason.BOUND].name
    return Reason(reason).name.lower()
