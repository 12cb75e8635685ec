"""The streams of a city: which partner reports which scene, with what and how strong evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """Where an input of a report comes from."""

    QUANTITY = "quantity"  #: what the stream measures
    SECOND = "second"  #: the other thing that it measures


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of report of one partner.

    ``inputs`` gives each input of the scene's pack its measure, or a fixed number. ``item_prefix``
    begins the item key, where there is a shared thing.
    """

    scene: str
    partner: str
    grade: int
    inputs: Mapping[str, Measure | int]
    item_prefix: str = ""


#: Partners whose ids are UUIDv7; the ids of all others begin with the local date.
UUID_PARTNERS = frozenset({"maps", "shop"})

#: Places of the two modes in the public transport pack.
METRO_MODE, BUS_MODE = 0, 1

STREAMS = (
    Stream("metro", "metro", 3, {"mode": METRO_MODE, "distance_m": Measure.QUANTITY}),
    Stream("bus", "bus", 3, {"mode": BUS_MODE, "distance_m": Measure.QUANTITY}),
    Stream("shared-bike", "bike", 3, {"distance_m": Measure.QUANTITY}),
    Stream("shared-ebike", "bike", 3, {"distance_m": Measure.QUANTITY}),
    Stream("shared-bike", "maps", 1, {"distance_m": Measure.QUANTITY}),
    Stream("walking", "maps", 2, {"steps": Measure.QUANTITY}),
    Stream("utility-payment", "bank", 3, {"count": 1}, "bill-"),
    Stream("e-bill", "bank", 3, {"count": 1}, "statement-"),
    Stream("e-card", "bank", 3, {"count": 1}, "card-"),
    Stream("ev-charging", "power", 3, {"energy_wh": Measure.QUANTITY}),
    Stream(
        "household-electricity",
        "power",
        3,
        {"energy_wh": Measure.QUANTITY, "household_size": Measure.SECOND},
        "meter-",
    ),
    Stream("take-away", "shop", 2, {"orders": 1}, "order-"),
    Stream("e-waybill", "shop", 2, {"orders": 1}, "parcel-"),
    Stream("appliance", "shop", 2, {"energy_wh": Measure.QUANTITY}, "appliance-"),
    Stream("online-meeting", "meeting", 1, {"meetings": 1}),
)


def stream_number(scene: str, partner: str) -> int:
    """The place in ``STREAMS`` of what ``partner`` reports of ``scene``."""
    return [(stream.scene, stream.partner) for stream in STREAMS].index((scene, partner))
