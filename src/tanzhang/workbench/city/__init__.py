"""A city that does not exist: acts of any number, always the same for the same seed.

Citizens commute, pay, charge, order and stay at home; partners report what they did as partners do:
mostly at once, sometimes late, twice, corrected or withdrawn, and now and then two of them report
the same ride. Nothing here is a real person, place or measurement; the shares are round figures
chosen to exercise every rule.
"""

from __future__ import annotations

from tanzhang.workbench.city.arrivals import Batch, City, batches
from tanzhang.workbench.city.frames import PARTNERS
from tanzhang.workbench.city.streams import STREAMS, UUID_PARTNERS, Stream

__all__ = ["PARTNERS", "STREAMS", "UUID_PARTNERS", "Batch", "City", "Stream", "batches"]
