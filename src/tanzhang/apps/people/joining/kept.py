"""What this part of the room keeps of a person, for her copy."""

from __future__ import annotations

from typing import Final

from tanzhang.apps.people.exporting.sections import rows_of
from tanzhang.apps.people.privacy import Kept, register

_JOINED: Final = {
    "account": "account_id",
    "at": "at",
    "door": "door",
    "partner_id": "host_id",
    "wording": "(select code || ' ' || version from consent_text where id = text_id)",
}

#: Each says something of how an account came to be, and nothing of who its owner is.
_STAYS: Final = {
    "zh": "名额与加入依据须可核对；记录只对应编号，不含您的身份。",
    "en": "Places, and why somebody could join, have to stay checkable; the rows know a number and"
    " nothing that says who you are.",
}


SECTIONS: Final = (
    Kept(
        "joinings",
        rows_of("joining_record", _JOINED, order="account_id"),
        why_kept=_STAYS,
        tables=("joining_record",),
    ),
    Kept(
        "joining_grounds",
        rows_of(
            "joining_ground",
            {"account": "account_id", "rule": "rule", "evidence": "evidence", "source": "source"},
            order="account_id, rule",
        ),
        why_kept=_STAYS,
        tables=("joining_ground",),
    ),
    Kept(
        "cohorts",
        rows_of(
            "cohort_member",
            {
                "account": "account_id",
                "cohort": "cohort",
                "number": "number",
                "joined_at": "joined_at",
                "left_at": "left_at",
            },
            order="id",
        ),
        why_kept=_STAYS,
        tables=("cohort_member",),
    ),
    Kept(
        "surveys_answered",
        rows_of(
            "survey_reply",
            {"account": "account_id", "survey": "survey"},
            order="account_id, survey",
        ),
        why_kept=_STAYS,
        tables=("survey_reply",),
    ),
)


def register_joining() -> None:
    """Tell the register what this part keeps."""
    register(*SECTIONS)
