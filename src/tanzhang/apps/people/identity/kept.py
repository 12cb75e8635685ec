"""What is kept of a person's ways in, for her copy."""

from __future__ import annotations

from typing import Final

from tanzhang.apps.people.exporting.sections import rows_of
from tanzhang.apps.people.privacy import Kept, LeftOut, leave_out, register

_OWN: Final = "account_id in (select id from account where subject_id = %s)"
_OF_HER_CASES: Final = f"case_id in (select id from identity_case where {_OWN})"

#: What the digest of her number is kept in goes with her key; here are only facts about log-ins.
_STAYS: Final = {
    "zh": "账户如何打开、由谁决定，须可事后核对；记录只有编号、时间和步骤。",
    "en": "How an account was opened, and who decided, must stay checkable; the rows know numbers,"
    " times and steps alone.",
}

_BY_STAFF: Final = {
    "zh": "工作人员之间的提议与决定；结果见“找回与身故案件的步骤”。",
    "en": "Proposals and decisions among staff; their outcome is among the steps of your cases.",
}

SECTIONS: Final = (
    Kept(
        "identity_vouches",
        rows_of(
            "identity_vouch",
            {
                "account": "account_id",
                "partner_id": "partner_id",
                "factor": "factor",
                "vouched_at": "vouched_at",
            },
            order="id",
            whose=_OWN,
        ),
        why_kept=_STAYS,
        tables=("identity_vouch",),
    ),
    Kept(
        "identity_events",
        rows_of(
            "identity_event",
            {"account": "account_id", "at": "at", "what": "kind"},
            order="id",
            whose=_OWN,
        ),
        why_kept=_STAYS,
        tables=("identity_event",),
    ),
    Kept(
        "identity_cases",
        rows_of(
            "identity_case",
            {
                "account": "account_id",
                "opened_at": "opened_at",
                "kind": "kind",
                "opens_at": "opens_at",
                "reason": "reason",
                "documents": "documents",
            },
            order="id",
            whose=_OWN,
        ),
        why_kept=_STAYS,
        tables=("identity_case",),
    ),
    Kept(
        "identity_case_steps",
        rows_of(
            "identity_case_step",
            {"at": "at", "what": "step", "documents": "documents"},
            order="id",
            whose=_OF_HER_CASES,
        ),
        why_kept=_STAYS,
        tables=("identity_case_step",),
    ),
    Kept(
        "last_log_in",
        rows_of(
            "last_log_in",
            {"account": "account_id", "at": "at", "door": "way"},
            order="account_id, way",
            whose=_OWN,
        ),
        why_kept=_STAYS,
        tables=("last_log_in",),
    ),
)


def register_identity() -> None:
    """Tell the register what this part keeps, and what is in no copy."""
    register(*SECTIONS)
    leave_out(*(LeftOut(table, _BY_STAFF) for table in ("identity_proposal", "identity_decision")))
