"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.catalogue.activations import (
    INSTALLATION,
    approve_activation,
    propose_activation,
    refuse_activation,
    withdraw_activation,
)
from tanzhang.apps.catalogue.changes import RulesChange
from tanzhang.apps.catalogue.in_force import RulesInForce, rulebook_in_force
from tanzhang.apps.catalogue.selectors import (
    ActivationEntry,
    VersionEntry,
    activations,
    catalogue_versions,
)
from tanzhang.apps.catalogue.services import Loaded, load_catalogue

__all__ = [
    "INSTALLATION",
    "ActivationEntry",
    "Loaded",
    "RulesChange",
    "RulesInForce",
    "VersionEntry",
    "activations",
    "approve_activation",
    "catalogue_versions",
    "load_catalogue",
    "propose_activation",
    "refuse_activation",
    "rulebook_in_force",
    "withdraw_activation",
]
