"""What this room itself keeps of a person, for her copy; parts with rules of their own add theirs.

Partners stand here by number. The room above knows their codes and puts them in.
"""

from __future__ import annotations

from typing import Final

from tanzhang.apps.people.access.noting import blank_reasons
from tanzhang.apps.people.exporting.sections import day_of, rows_of
from tanzhang.apps.people.privacy import Kept, LeftOut, leave_out, register
from tanzhang.apps.people.requests.kept import request_rows, step_rows

_ACCOUNTS: Final = {
    "account": "id",
    "handle": "handle",
    "opened_at": "opened_at",
    "joined_on": day_of("joined_day"),
    "programme_id": "programme_id",
}
_CONSENTS: Final = {
    "account": "account_id",
    "purpose": "purpose",
    "partner_id": "partner_id",
    "kinds": "kinds",
    "from_us": "from_us",
    "to_us": "to_us",
    "wording": "(select code || ' ' || version from consent_text where id = text_id)",
    "wording_zh": "(select zh from consent_text where id = text_id)",
    "wording_en": "(select en from consent_text where id = text_id)",
}
_READINGS: Final = ("at", "reader_kind", "reader", "purpose", "fields", "reason")

SECTIONS: Final = (
    Kept("accounts", rows_of("account", _ACCOUNTS, order="id"), tables=("account",)),
    Kept(
        "known_to",
        rows_of(
            "partner_link",
            {"account": "account_id", "partner_id": "partner_id"},
            order="partner_id, person_ref",
        ),
        tables=("partner_link",),
    ),
    Kept("consents", rows_of("consent", _CONSENTS, order="id"), tables=("consent",)),
    Kept(
        "consent_presses",
        rows_of(
            "consent_giving",
            {
                "account": "account_id",
                "given_us": "given_us",
                "purpose": "purpose",
                "wording": "(select code || ' ' || version from consent_text where id = text_id)",
                "channel": "channel",
                "button": "button",
                "handler": "handler",
                "given_by_guardian": "given_by_id is not null",
            },
            order="id",
        ),
        tables=("consent_giving",),
    ),
    Kept(
        "fourteenth_birthday",
        rows_of(
            "child",
            {"account": "account_id", "noted_at": "noted_at", "fourteen_us": "fourteen_us"},
            order="noted_at",
        ),
        tables=("child",),
    ),
    Kept(
        "balance_readings",
        rows_of("disclosure", {"at": "at", "partner_id": "partner_id", "what": "what"}, order="id"),
        tables=("disclosure",),
    ),
    Kept(
        "phone_logins",
        rows_of(
            "phone_login",
            {"account": "account_id", "linked_at": "linked_at"},
            order="linked_at, account_id",
        ),
        tables=("phone_login",),
    ),
    Kept(
        "channel_logins",
        rows_of(
            "channel_login",
            {"account": "account_id", "channel": "channel", "linked_at": "linked_at"},
            order="linked_at, channel",
        ),
        tables=("channel_login",),
    ),
    Kept(
        "account_states",
        rows_of(
            "account_state",
            {"account": "account_id", "since": "since", "state": "state", "reason": "reason"},
            whose="account_id in (select id from account where subject_id = %s)",
            order="id",
        ),
        tables=("account_state",),
    ),
    Kept(
        "linked_accounts",
        rows_of(
            "subject_link",
            {
                "from_on": day_of("from_day"),
                "to_on": day_of("to_day"),
                "proved_by": "factor",
                "made_at": "made_at",
                "undone_why": "undone_why",
            },
            whose="%s in (one_subject_id, other_subject_id)",
            order="id",
        ),
        tables=("subject_link",),
    ),
    Kept("requests", request_rows, tables=("rights_request",)),
    Kept("request_steps", step_rows, tables=("rights_step",)),
    Kept(
        "readers",
        rows_of("access_log", _READINGS, order="position"),
        erase=blank_reasons,
        tables=("access_log",),
    ),
)

LEFT_OUT: Final = (
    LeftOut(
        "erasure",
        {
            "zh": "只记载某个编号已被删除；删除之后才会有内容。",
            "en": "Only that a number was erased; there is nothing in it before.",
        },
    ),
    LeftOut(
        "subject",
        {
            "zh": "只有一个内部编号和一个用于保护您的密钥，不含关于您的内容。",
            "en": "Only an internal number and a key that protects you; it says nothing of you.",
        },
    ),
    LeftOut(
        "one_time_code",
        {
            "zh": "登录验证码只以无法还原的形式、所发往的手机号只以加密形式保存一天，"
            "其中没有写明属于谁。",
            "en": "Log-in codes are kept for a day in a form that cannot be turned back, the phones"
            " that they went to sealed; nothing there says whose they are.",
        },
    ),
)


def register_own() -> None:
    """Tell the register what this room keeps."""
    register(*SECTIONS)
    leave_out(*LEFT_OUT)
