"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.catalogue.changes import RulesChange
from tanzhang.apps.catalogue.in_force import RulesInForce, rulebook_in_force
from tanzhang.apps.catalogue.services import Loaded, load_catalogue

__all__ = ["Loaded", "RulesChange", "RulesInForce", "load_catalogue", "rulebook_in_force"]
