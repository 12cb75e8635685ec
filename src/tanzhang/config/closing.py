"""Erasing those who closed their accounts, when it is time, and what waits for the erased."""

from __future__ import annotations

import logging

from django.utils import timezone

from tanzhang.apps.people.api import erase, overdue_closings, replay, subjects_to_erase
from tanzhang.config import copies
from tanzhang.config.opening import copy_to_backups, journal

log = logging.getLogger("tanzhang.closing")


def carry_out_closings() -> int:
    """Erase whoever closed every account of hers long enough ago; how many.

    Says loudly if somebody should have been erased by now and is not.
    """
    now = timezone.now()
    own, due = journal(), subjects_to_erase(now)
    if due:
        replay(own)
    for subject_id in due:
        erase(subject_id, own)
    if due:
        copy_to_backups()
    copies.remove_of_erased()
    late = overdue_closings(now)
    if late:
        log.error("Closed accounts are past their term.", extra={"subjects": len(late)})
    return len(due)
