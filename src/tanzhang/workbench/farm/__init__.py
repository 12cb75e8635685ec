"""The drill: honest people and cheats of a city that does not exist, through the real door.

``tanzhang farm`` plays a month and says what the cheats got away with, class by class, and how many
honest people were bothered. Everything follows from the seed.
"""

from __future__ import annotations

from tanzhang.workbench.farm.scratch import run_farm

__all__ = ["run_farm"]
