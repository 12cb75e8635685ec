"""What this room keeps of a person: her part of the register of ``people.privacy``.

Outcomes are exported whole, each with its names; of somebody else's act that an act lost to, only
that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.facts import HOLD
from tanzhang.apps.activities.reasons import reason_name
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.people.api import (
    Cursor,
    Kept,
    LeftOut,
    day_text,
    instant_text,
    leave_out,
    register,
    rows_of,
)
from tanzhang.engine.acts import State, Status
from tanzhang.engine.packs import CompiledPack

_OUTCOMES: Final = """
select encode(uuid_send(event_key), 'hex'), account_id, month, outcome_no, revision, started_us,
       ended_us, day, scene_id, partner_id, pack_id, pack_version_id, grade, state, status, reason,
       cause, consent, gross_mg, credited_mg, points, q1, q2, q3, q4, available_after_days,
       expires_after_years,
       encode(uuid_send(lost_to), 'hex'),
       exists (select from event_identity other
               where other.event_key = lost_to and other.subject_id = activity.subject_id)
from activity where subject_id = %s order by month, started_us, event_key, outcome_no
"""

_TOTALS_STAY: Final = {
    "zh": "总量、凭证和他人的结算都以这些记录为依据；记录里只有编号，没有您的身份。",
    "en": "Totals, receipts and other people's settlement rest on these rows; they hold numbers and"
    " nothing that says who you are.",
}


def outcomes(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """Every outcome that was posted for the person's acts, with its reason and inputs by name."""
    rules = rulebook_in_force()
    packs = {number: code for code, number in rules.pack_ids.items()}
    cursor.execute(_OUTCOMES, [subject_id])
    for row in cursor.fetchall():
        yield _outcome(row, packs, rules)


def _outcome(row: tuple[Any, ...], packs: dict[int, str], rules: RulesInForce) -> dict[str, Any]:
    event, account, month, number, revision, started, ended, day, scene, partner, *rest = row
    pack, version, grade, state, status, reason, cause, consent, *amounts = rest
    gross, credited, points, *inputs, after_days, years, lost_to, own = amounts
    edition = rules.edition(packs[pack], version)
    return {
        "event": event,
        "account": account,
        "month": month,
        "outcome_no": number,
        "cause": Cause(cause).name.lower(),
        "revision": revision,
        "started_at": instant_text(started),
        "ended_at": instant_text(ended),
        "day": day_text(day),
        "scene_id": scene,
        "partner_id": partner,
        "pack": packs[pack],
        "pack_version": edition.version if edition else None,
        "evidence_grade": grade,
        "held": state >= HOLD or state == State.HELD,
        "consent_was_live": consent,
        "status": Status(status).name.lower(),
        "reason": reason_name(reason, edition),
        "lost_to": lost_to if own or lost_to is None else "another_person",
        "inputs": _inputs(inputs, edition),
        "gross_mg": gross,
        "posted_mg": credited,
        "posted_points": points,
        "points_available_after_days": after_days,
        "points_expire_after_years": years,
    }


def _inputs(slots: list[int | None], edition: CompiledPack | None) -> dict[str, int | str]:
    """What was reported of the act, by the names of its methodology."""
    if edition is None:
        return {f"q{place}": value for place, value in enumerate(slots, 1) if value is not None}
    named = zip(edition.definition.inputs, slots, strict=False)
    return {
        entry.name: entry.values[value] if entry.unit is None else value
        for entry, value in named
        if value is not None
    }


SECTIONS: Final = (
    Kept("outcomes", outcomes, why_kept=_TOTALS_STAY, tables=("activity",)),
    Kept(
        "limits_applied",
        rows_of(
            "cut",
            {
                "event": "event_key",
                "month": "month",
                "outcome_no": "outcome_no",
                "limit_id": "limit_id",
                "taken_mg": "mg",
            },
            order="month, event_key, outcome_no, limit_id",
        ),
        why_kept=_TOTALS_STAY,
        tables=("cut",),
    ),
    Kept(
        "reports",
        rows_of(
            "event_identity",
            {"event": "event_key", "revision": "revision", "month": "month"},
            order="month, event_key, revision",
        ),
        why_kept=_TOTALS_STAY,
        tables=("event_identity",),
    ),
    Kept(
        "things_counted_once",
        rows_of(
            "claim",
            {"event": "event_key", "month": "month", "grade": "grade"},
            order="month, event_key",
        ),
        why_kept=_TOTALS_STAY,
        tables=("claim",),
    ),
    Kept(
        "things_reported_again",
        rows_of(
            "claim_rival",
            {"event": "event_key", "month": "month", "grade": "grade"},
            order="month, event_key",
        ),
        why_kept=_TOTALS_STAY,
        tables=("claim_rival",),
    ),
    Kept(
        "distrusted_reports",
        rows_of(
            "suspect_event",
            {
                "event": "event_key",
                "account": "account_id",
                "revision": "revision",
                "treatment": "treatment",
                "reduction_mg": "reduction_mg",
                "points": "points",
                "cleared": "exists (select from suspect_clearance c where"
                " c.suspicion_id = suspect_event.suspicion_id"
                " and c.event_key = suspect_event.event_key)",
            },
            order="suspicion_id, event_key",
        ),
        why_kept=_TOTALS_STAY,
        tables=("suspect_event",),
    ),
    Kept(
        "brought_statements",
        rows_of(
            "carried_statement",
            {
                "account": "account_id",
                "installation": "installation",
                "taken_at": "taken_at",
                "accepted": "accepted",
                "refused": "refused",
            },
            order="taken_at, digest",
        ),
        why_kept=_TOTALS_STAY,
        tables=("carried_statement",),
    ),
    Kept(
        "brought_acts",
        rows_of(
            "carried_entry",
            {
                "event": "event_key",
                "account": "account_id",
                "installation": "installation",
                "scene": "scene",
                "pack": "pack",
                "pack_version": "version",
                "started_us": "started_us",
                "ended_us": "ended_us",
                "reduction_mg": "total_mg",
            },
            order="started_us, event_key",
        ),
        why_kept=_TOTALS_STAY,
        tables=("carried_entry",),
    ),
    Kept(
        "taken_away_acts",
        rows_of(
            "carried_away",
            {
                "event": "event_key",
                "account": "account_id",
                "first_at": "first_at",
                "audience": "audience",
            },
            whose="account_id in (select id from account where subject_id = %s)",
            order="first_at, event_key",
        ),
        why_kept=_TOTALS_STAY,
        tables=("carried_away",),
    ),
)

LEFT_OUT: Final = (
    LeftOut(
        "erased_leaf",
        {
            "zh": "个人信息删除之后，凭证仍需要的无法还原的摘要。",
            "en": "Digests that cannot be turned back, which proofs need after somebody was"
            " erased.",
        },
    ),
    LeftOut(
        "erased_line",
        {
            "zh": "个人信息删除之后，批次回执仍需要的无法还原的摘要。",
            "en": "Digests that cannot be turned back, which receipts of deliveries need after"
            " somebody was erased.",
        },
    ),
    LeftOut(
        "batch",
        {
            "zh": "合作方整批报告的签名与回执，多人同在一批；其中关于您的内容都在“结果”里。",
            "en": "Partners' whole deliveries with signatures and receipts, of many people at once;"
            " what they say of you is under “outcomes”.",
        },
    ),
    LeftOut(
        "batch_body",
        {
            "zh": "合作方整批报告的原文，多人同在一批，只保留九十天；内容都在“结果”里。",
            "en": "Partners' deliveries as they came, of many people at once, kept for ninety days;"
            " their content is under “outcomes”.",
        },
    ),
    LeftOut(
        "batch_item",
        {
            "zh": "说明某条记录在哪一批报告里的索引，不含其他内容。",
            "en": "An index that says in which delivery a record came, and nothing else.",
        },
    ),
    LeftOut(
        "piece",
        {
            "zh": "结算用的压缩数据块，多人同在一块；其中关于您的内容都在“结果”里。",
            "en": "Compressed bodies that settlement reads, of many people at once; what they say"
            " of you is under “outcomes”.",
        },
    ),
    LeftOut(
        "suspect_clearance",
        {
            "zh": "说明存疑记录何时重新得到证实；结论列在“存疑的报告”里。",
            "en": "When a distrusted record was vouched for again; the answer is under"
            " “distrusted reports”.",
        },
    ),
)


def register_kept() -> None:
    """Tell the register what this room keeps."""
    register(*SECTIONS)
    leave_out(*LEFT_OUT)
