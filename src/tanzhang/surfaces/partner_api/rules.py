"""What the gate must know of an endpoint before it lets anybody through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One method of one address.

    ``name`` is what quotas and calls are kept under. ``agreement`` is the kind that the caller
    needs, none if any partner may ask. ``is_public`` lets everybody ask, without a signature.
    ``media_types`` are those of the body; an endpoint with a body has an ``Idempotency-Key`` too,
    unless it ``only_reads``: what is read is asked for anew each time, and no answer of it is kept.
    """

    name: str
    agreement: str = ""
    is_public: bool = False
    media_types: tuple[str, ...] = ()
    only_reads: bool = False

    @property
    def is_done_once(self) -> bool:
        """Whether a repetition under the same ``Idempotency-Key`` gets the first answer."""
        return bool(self.media_types) and not self.only_reads
