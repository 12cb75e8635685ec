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
from tanzhang.apps.catalogue.previews import (
    Preview,
    VersionPreview,
    preview,
    preview_of_proposal,
)
from tanzhang.apps.catalogue.selectors import (
    ActivationEntry,
    VersionEntry,
    activations,
    catalogue_versions,
    pack_versions,
)
from tanzhang.apps.catalogue.services import Loaded, load_catalogue
from tanzhang.apps.catalogue.stored import loaded_programme
from tanzhang.apps.catalogue.targets import ended_versions, pending_versions
from tanzhang.apps.catalogue.words import state_words

__all__ = [
    "INSTALLATION",
    "ActivationEntry",
    "Loaded",
    "Preview",
    "RulesChange",
    "RulesInForce",
    "VersionEntry",
    "VersionPreview",
    "activations",
    "approve_activation",
    "catalogue_versions",
    "ended_versions",
    "load_catalogue",
    "loaded_programme",
    "pack_versions",
    "pending_versions",
    "preview",
    "preview_of_proposal",
    "propose_activation",
    "refuse_activation",
    "rulebook_in_force",
    "state_words",
    "withdraw_activation",
]
