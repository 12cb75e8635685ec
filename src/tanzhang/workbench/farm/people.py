"""How long a drill lasts, and who cheats in it."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Days on which people act; the acts of the first ones are measured.
DAYS = 31
MEASURED_DAYS = 16

#: After its last act a drill goes on for so many days: tickets are given back, points become
#: available, sweeps go on. The longest wait of a pack (60 days) ends within it.
QUIET_DAYS = 45

NONE, SOFTWARE, HARDWARE = 0, 1, 2  #: places of ``attestation``


@dataclass(frozen=True, slots=True)
class Cheat:
    """One account of somebody who cheats: of which class, in which way, and what she has."""

    name: str
    attack: str  #: the class, such as ``step_faking``
    variant: str
    attestation: int
    phone: str
    payment: str
    network: str
    joined_before: int
    from_day: int
    #: What this one draws once and keeps to; who shares a number acts together.
    gang: int
    skill: dict[str, int] = field(default_factory=dict)
