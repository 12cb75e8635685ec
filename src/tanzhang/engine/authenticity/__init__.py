"""Whether an act is likely true: signals, the checks of a pack, and patterns over many acts.

Pure: the door and the sweeps hand columns in and act on what comes back. Integers only, nothing
random, and every finding names the rule and the number that made it.
"""

from __future__ import annotations

from tanzhang.engine.authenticity.judging import Judged, judge
from tanzhang.engine.authenticity.patterns import Suspects, find_patterns
from tanzhang.engine.authenticity.rules import (
    Authenticity,
    Check,
    Condition,
    Consequence,
    Pattern,
    Span,
    Tier,
)
from tanzhang.engine.authenticity.signals import SIGNALS, Signal, SignalKind

__all__ = [
    "SIGNALS",
    "Authenticity",
    "Check",
    "Condition",
    "Consequence",
    "Judged",
    "Pattern",
    "Signal",
    "SignalKind",
    "Span",
    "Suspects",
    "Tier",
    "find_patterns",
    "judge",
]
