"""What the vault keeps of a person, for her copy: every field whole, with what it is kept for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tanzhang.apps.people.privacy import Cursor, Kept, LeftOut, leave_out, register
from tanzhang.apps.people.vault.declared import field_named
from tanzhang.apps.people.vault.keeping import own
from tanzhang.apps.people.vault.person_keys import destroy_key


def personal_rows(cursor: Cursor, subject_id: int) -> Iterable[dict[str, Any]]:
    """Each field of hers, whole; but for keyed digests, which nobody may get back."""
    cursor.execute(
        "select field, stored_at from personal_field where subject_id = %s", [subject_id]
    )
    since = dict(cursor.fetchall())
    for name, text in own(cursor, subject_id).items():
        field, is_digest = field_named(name), name.endswith("_digest")
        yield {
            "field": name,
            "value": field.masked(text) if is_digest else text,
            "title_zh": field.title["zh"],
            "title_en": field.title["en"],
            "kept_for_zh": field.purpose["zh"],
            "kept_for_en": field.purpose["en"],
            "stored_at": since[name].isoformat(timespec="seconds"),
        }


SECTIONS: Final = (
    Kept("personal_fields", personal_rows, erase=destroy_key, tables=("personal_field",)),
)

LEFT_OUT: Final = (
    LeftOut(
        "person_key",
        {
            "zh": "只有用来加密您个人信息的密钥，不含关于您的内容。",
            "en": "Only the key under which your personal data is sealed; it says nothing of you.",
        },
    ),
)


def register_vault() -> None:
    """Tell the register of all rooms what the vault keeps."""
    register(*SECTIONS)
    leave_out(*LEFT_OUT)
