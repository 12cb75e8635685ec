"""The door of incidents, for those above as ``activities.api.incidents``."""

from __future__ import annotations

from tanzhang.apps.activities.incidents.affected import (
    Affected,
    AffectedLine,
    IncidentQuery,
    affected,
    instant_given,
)
from tanzhang.apps.activities.incidents.models import IncidentMove, Suspect
from tanzhang.apps.activities.incidents.notice import incident_notice
from tanzhang.apps.activities.incidents.recording import (
    Circumstances,
    IncidentEntry,
    all_incidents,
    incident,
    note_incident_step,
    open_incident,
)

__all__ = [
    "Affected",
    "AffectedLine",
    "Circumstances",
    "IncidentEntry",
    "IncidentMove",
    "IncidentQuery",
    "Suspect",
    "affected",
    "all_incidents",
    "incident",
    "incident_notice",
    "instant_given",
    "note_incident_step",
    "open_incident",
]
