"""The door of the record and the audit pack, above as ``activities.api.accountability``."""

from __future__ import annotations

from tanzhang.apps.activities.accountability.pack import write_audit_pack
from tanzhang.apps.activities.accountability.record import (
    Processing,
    ProcessingRecord,
    processing_record,
)
from tanzhang.apps.activities.accountability.telling import record_in_words

__all__ = [
    "Processing",
    "ProcessingRecord",
    "processing_record",
    "record_in_words",
    "write_audit_pack",
]
