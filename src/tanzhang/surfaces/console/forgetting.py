"""What the console does when a person is erased: what staff wrote about her goes."""

from __future__ import annotations

from tanzhang.apps.people.api import Cursor, LeftOut, leave_out, when_erased


def register_actions() -> None:
    """Tell the people's room to call us, and why its copies do not show what staff did."""
    when_erased("actions", forget_actions)
    leave_out(
        LeftOut(
            "console_action",
            {
                "zh": "工作人员的操作日志；对您的行为与账户做过的决定，见各项记录本身。",
                "en": "The log of what staff did; what they decided of your acts and account is"
                " told with those.",
            },
        )
    )


def forget_actions(cursor: Cursor, subject_id: int) -> int:
    """Take away the notes of actions about a person; how many."""
    cursor.execute("select forget_actions(%s)", [subject_id])
    return int(cursor.fetchall()[0][0])
