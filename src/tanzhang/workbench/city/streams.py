"""The streams of a city: which partner reports which scene, with what and how strong evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """Where an input of a report comes from."""

    QUANTITY = "quantity"  #: what the stream measures
    SECOND = "second"  #: the other thing that it measures


#: Each input of a scene's pack with its measure, or a fixed number.
Inputs = Mapping[str, Measure | int]


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of report of one partner; ``item_prefix`` begins the names of shared things."""

    scene: str
    partner: str
    grade: int
    inputs: Inputs
    item_prefix: str = ""


#: Partners whose ids are UUIDv7; the ids of all others begin with the local date.
UUID_PARTNERS = frozenset({"takeaway-demo", "jd-demo", "office-demo"})

#: Places of the two modes in the public transport pack.
METRO_MODE, BUS_MODE = 0, 1

_METRO: Inputs = {"mode": METRO_MODE, "distance_m": Measure.QUANTITY}
_BUS: Inputs = {"mode": BUS_MODE, "distance_m": Measure.QUANTITY}
_DISTANCE: Inputs = {"distance_m": Measure.QUANTITY}
_ENERGY: Inputs = {"energy_wh": Measure.QUANTITY}
_METER: Inputs = {"energy_wh": Measure.QUANTITY, "household_size": Measure.SECOND}

#: Scenes and partners are those of the programme ``citic``. A bank sees the fare of some rides and
#: reports them too, with weaker evidence than the gate.
STREAMS = (
    Stream("metro", "metro-demo", 3, _METRO),
    Stream("bus", "bus-demo", 3, _BUS),
    Stream("metro", "bank", 1, _METRO),
    Stream("bus", "bank", 1, _BUS),
    Stream("shared-bike", "bike-demo", 3, _DISTANCE),
    Stream("shared-ebike", "bike-demo", 3, _DISTANCE),
    Stream("walking", "steps-demo", 2, {"steps": Measure.QUANTITY}),
    Stream("utility-payment", "bank", 3, {"count": 1}, "bill"),
    Stream("e-bill", "bank", 3, {"count": 1}, "statement"),
    Stream("e-card", "bank", 3, {"count": 1}, "card"),
    Stream("ev-charging", "power-grid", 3, _ENERGY),
    Stream("household-electricity", "power-grid", 3, _METER, "meter"),
    Stream("take-away", "takeaway-demo", 2, {"orders": 1}, "order"),
    Stream("e-waybill", "jd-demo", 2, {"orders": 1}, "parcel"),
    Stream("appliance", "jd-demo", 2, _ENERGY, "appliance"),
    Stream("online-meeting", "office-demo", 1, {"meetings": 1}),
)


def stream_number(scene: str, partner: str) -> int:
    """The place in ``STREAMS`` of what ``partner`` reports of ``scene``."""
    return [(stream.scene, stream.partner) for stream in STREAMS].index((scene, partner))
