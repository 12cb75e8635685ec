"""What a change of the rules may reach: the acts that must be settled again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RulesChange:
    """Acts of these packs or programmes may come out differently, if their local day is in range.

    An act is meant if its pack is one of ``packs`` or its programme is one of ``programmes`` (both
    by code), and its local day lies in [``from_day``, ``to_day``), in days since 1970-01-01. What
    other acts lose or win by it (limits, conflicts, look-backs, points) is not listed here:
    settling again finds it.
    """

    packs: frozenset[str]
    programmes: frozenset[str]
    from_day: int
    to_day: int
