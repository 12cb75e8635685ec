"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.activities.accountability import api as accountability
from tanzhang.apps.activities.appeals.deciding import (
    agree_on_appeal,
    answer_as_partner,
    ask_partner,
    decide_appeal,
    disagree_on_appeal,
    first_deciders,
    login_of,
    remedies_for,
)
from tanzhang.apps.activities.appeals.models import AppealAbout, AppealMove, Remedy
from tanzhang.apps.activities.appeals.reading import (
    TWO_PERSONS_FROM_MG,
    AppealEntry,
    appeal_numbered,
    appeals_of,
    asked_of,
    open_appeals,
)
from tanzhang.apps.activities.appeals.writing import appeal, withdraw_appeal
from tanzhang.apps.activities.authenticity.auditing import (
    Audit,
    audit_queue,
    audit_standing,
    note_audit,
    pick_audit,
)
from tanzhang.apps.activities.authenticity.backtest import (
    Backtest,
    backtest as backtest_authenticity,
)
from tanzhang.apps.activities.authenticity.daily import judge_the_days
from tanzhang.apps.activities.authenticity.deciding import (
    decide,
    end_watches,
    next_step,
    sanction,
    sanction_until,
    thaw_sanctioned,
    was_put_aside,
)
from tanzhang.apps.activities.authenticity.desk import (
    Doubt,
    Evidence as Doubtful,
    OwnDoubts,
    QueueLine,
    evidence as doubtful,
    own_doubts,
    review_queue,
)
from tanzhang.apps.activities.authenticity.models import Verdict
from tanzhang.apps.activities.authenticity.photos import (
    hand_in,
    photo_scenes,
    picture_for_review,
    remove_picture_of,
)
from tanzhang.apps.activities.authenticity.sections import signals_read
from tanzhang.apps.activities.authenticity.sweeping import Swept, sweep as sweep_authenticity
from tanzhang.apps.activities.automated import Decision, DecisionPage, decisions
from tanzhang.apps.activities.backlog import (
    Pace,
    PieceLine,
    ShardLoad,
    latest_pieces,
    pace,
    piece,
    waiting_by_shard,
    waiting_pieces,
)
from tanzhang.apps.activities.biography import Biography, Sentence, biography, find_event
from tanzhang.apps.activities.carrying.codes import carrying_code, read_code
from tanzhang.apps.activities.carrying.making import carry
from tanzhang.apps.activities.carrying.standing import CarriedLine, Luggage, luggage
from tanzhang.apps.activities.carrying.taking import Answer, Taken, statements_of, take_statement
from tanzhang.apps.activities.carrying.trusting import (
    Known,
    known_installations,
    trust_installation,
)
from tanzhang.apps.activities.digest import digest
from tanzhang.apps.activities.door import VERDICTS, Acceptance, accept
from tanzhang.apps.activities.holding import HeldLine, held_events, whereabouts
from tanzhang.apps.activities.home import Home, StateTotal, home
from tanzhang.apps.activities.incidents import api as incidents
from tanzhang.apps.activities.intake.pulled import take_pulled
from tanzhang.apps.activities.intake.reading import (
    BatchLine,
    batch_receipt,
    batch_results,
    batches,
    event_by_id,
    receipt_body,
)
from tanzhang.apps.activities.intake.storing import forget_bodies
from tanzhang.apps.activities.intake.take import LONGEST_STAY_US, BatchReceipt, take_batch
from tanzhang.apps.activities.intake.telling import BATCH_SETTLED, tell_settled
from tanzhang.apps.activities.keys import thing_key
from tanzhang.apps.activities.linking import link_people, unlink_people
from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.minimal import (
    fields_of_partner,
    fields_of_scene,
    needs_of,
    scenes_of_partner,
)
from tanzhang.apps.activities.naming import Naming, Record, heading, local_today, naming
from tanzhang.apps.activities.own_accounts import (
    LinkPlan,
    OwnAccount,
    link_own,
    own_accounts,
    plan_link,
    undo_link,
)
from tanzhang.apps.activities.pieces import ITEM, read_piece
from tanzhang.apps.activities.posting.unsettled import hold, release
from tanzhang.apps.activities.posting.worker import drain, run, waiting_shards, work_on
from tanzhang.apps.activities.proving.certificates import certificate
from tanzhang.apps.activities.proving.evidence import Evidence
from tanzhang.apps.activities.proving.receipts import act_receipt
from tanzhang.apps.activities.proving.sampling import sample_receipts
from tanzhang.apps.activities.reconciliation.comparing import (
    Comparison,
    compare,
    last_comparisons,
)
from tanzhang.apps.activities.reconciliation.files import (
    FileLine,
    reconciliation_detail,
    reconciliation_files,
    reconciliation_statement,
)
from tanzhang.apps.activities.reconciliation.making import READY, make_due_files
from tanzhang.apps.activities.records import Filter, RecordPage, records
from tanzhang.apps.activities.rederive import Rederived, rederive
from tanzhang.apps.activities.report import REPORT
from tanzhang.apps.activities.rollup import RollUp, Sum, roll_up
from tanzhang.apps.activities.rollup_shown import FLOOR, Shown, shown_to_all, shown_to_managers
from tanzhang.apps.activities.rules_change import Resettled, change_rules, resettle
from tanzhang.apps.activities.selectors import credited_total
from tanzhang.apps.activities.shared_balance import shared_balance
from tanzhang.apps.activities.stamp import stamp
from tanzhang.apps.activities.statement import EventLine, SceneTotal, Statement, statement
from tanzhang.apps.activities.story import CutLine, OutcomeLine, Story, story
from tanzhang.apps.activities.suspicion.carrying import carry_on_suspicions
from tanzhang.apps.activities.suspicion.deciding import (
    approve_resolution,
    propose_resolution,
    refuse_resolution,
    withdraw_resolution,
)
from tanzhang.apps.activities.suspicion.models import Resolution
from tanzhang.apps.activities.suspicion.opening import distrust_key
from tanzhang.apps.activities.suspicion.reading import (
    ProposalEntry,
    SuspicionEntry,
    proposals_about,
    suspicion,
    suspicions,
)
from tanzhang.apps.activities.suspicion.telling import Suspected, refuse_release, suspected
from tanzhang.apps.activities.verify import Verification, verify
from tanzhang.apps.activities.waiting import Waiting
from tanzhang.apps.activities.why import Change, Why, why
from tanzhang.apps.activities.words import grams, kilograms, reason_sentence, say

__all__ = [
    "BATCH_SETTLED",
    "FLOOR",
    "ITEM",
    "LONGEST_STAY_US",
    "READY",
    "REPORT",
    "TWO_PERSONS_FROM_MG",
    "VERDICTS",
    "Acceptance",
    "Answer",
    "AppealAbout",
    "AppealEntry",
    "AppealMove",
    "Audit",
    "Backtest",
    "BatchLine",
    "BatchReceipt",
    "Biography",
    "CarriedLine",
    "Change",
    "Comparison",
    "CutLine",
    "Decision",
    "DecisionPage",
    "Doubt",
    "Doubtful",
    "EventLine",
    "Evidence",
    "FileLine",
    "Filter",
    "HeldLine",
    "Home",
    "Known",
    "LinkPlan",
    "Luggage",
    "Naming",
    "OutcomeLine",
    "OwnAccount",
    "OwnDoubts",
    "Pace",
    "PieceLine",
    "ProposalEntry",
    "QueueLine",
    "Record",
    "RecordPage",
    "Rederived",
    "Remedy",
    "Resettled",
    "Resolution",
    "RollUp",
    "SceneTotal",
    "Sentence",
    "ShardLoad",
    "Shown",
    "StateTotal",
    "Statement",
    "Story",
    "Sum",
    "Suspected",
    "SuspicionEntry",
    "Swept",
    "Taken",
    "Verdict",
    "Verification",
    "Waiting",
    "Why",
    "accept",
    "accountability",
    "act_receipt",
    "agree_on_appeal",
    "answer_as_partner",
    "appeal",
    "appeal_numbered",
    "appeals_of",
    "append_positions",
    "approve_resolution",
    "ask_partner",
    "asked_of",
    "audit_queue",
    "audit_standing",
    "backtest_authenticity",
    "batch_receipt",
    "batch_results",
    "batches",
    "biography",
    "carry",
    "carry_on_suspicions",
    "carrying_code",
    "certificate",
    "change_rules",
    "compare",
    "credited_total",
    "decide",
    "decide_appeal",
    "decisions",
    "digest",
    "disagree_on_appeal",
    "distrust_key",
    "doubtful",
    "drain",
    "end_watches",
    "event_by_id",
    "fields_of_partner",
    "fields_of_scene",
    "find_event",
    "first_deciders",
    "forget_bodies",
    "grams",
    "hand_in",
    "heading",
    "held_events",
    "hold",
    "home",
    "incidents",
    "judge_the_days",
    "kilograms",
    "known_installations",
    "last_comparisons",
    "latest_pieces",
    "link_own",
    "link_people",
    "local_today",
    "login_of",
    "luggage",
    "make_due_files",
    "naming",
    "needs_of",
    "next_step",
    "note_audit",
    "open_appeals",
    "own_accounts",
    "own_doubts",
    "pace",
    "photo_scenes",
    "pick_audit",
    "picture_for_review",
    "piece",
    "plan_link",
    "proposals_about",
    "propose_resolution",
    "read_code",
    "read_piece",
    "reason_sentence",
    "receipt_body",
    "reconciliation_detail",
    "reconciliation_files",
    "reconciliation_statement",
    "records",
    "rederive",
    "refuse_release",
    "refuse_resolution",
    "release",
    "remedies_for",
    "remove_picture_of",
    "resettle",
    "review_queue",
    "roll_up",
    "run",
    "sample_receipts",
    "sanction",
    "sanction_until",
    "say",
    "scenes_of_partner",
    "shared_balance",
    "shown_to_all",
    "shown_to_managers",
    "signals_read",
    "stamp",
    "statement",
    "statements_of",
    "story",
    "suspected",
    "suspicion",
    "suspicions",
    "sweep_authenticity",
    "take_batch",
    "take_pulled",
    "take_statement",
    "tell_settled",
    "thaw_sanctioned",
    "thing_key",
    "trust_installation",
    "undo_link",
    "unlink_people",
    "verify",
    "waiting_by_shard",
    "waiting_pieces",
    "waiting_shards",
    "was_put_aside",
    "whereabouts",
    "why",
    "withdraw_appeal",
    "withdraw_resolution",
    "work_on",
]
