"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.activities.digest import digest
from tanzhang.apps.activities.door import VERDICTS, Acceptance, accept
from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.pieces import ITEM, read_piece
from tanzhang.apps.activities.posting.unsettled import hold, release
from tanzhang.apps.activities.posting.worker import drain, run, waiting_shards, work_on
from tanzhang.apps.activities.rederive import Rederived, rederive
from tanzhang.apps.activities.report import REPORT
from tanzhang.apps.activities.selectors import credited_total
from tanzhang.apps.activities.statement import EventLine, SceneTotal, Statement, statement
from tanzhang.apps.activities.story import CutLine, OutcomeLine, Story, story
from tanzhang.apps.activities.verify import Verification, verify
from tanzhang.apps.activities.words import grams, kilograms, reason_sentence, say

__all__ = [
    "ITEM",
    "REPORT",
    "VERDICTS",
    "Acceptance",
    "CutLine",
    "EventLine",
    "OutcomeLine",
    "Rederived",
    "SceneTotal",
    "Statement",
    "Story",
    "Verification",
    "accept",
    "append_positions",
    "credited_total",
    "digest",
    "drain",
    "grams",
    "hold",
    "kilograms",
    "read_piece",
    "reason_sentence",
    "rederive",
    "release",
    "run",
    "say",
    "statement",
    "story",
    "verify",
    "waiting_shards",
    "work_on",
]
