"""What this room keeps of a person: her part of the register of ``people.privacy``."""

from __future__ import annotations

from typing import Final

from tanzhang.apps.people.api import Kept, day_of, register, rows_of
from tanzhang.engine.rules import FOR_EVER

_BALANCES_STAY: Final = {
    "zh": "账簿的总数由各账户余额相加得出；余额只对应编号，不含您的身份。",
    "en": "The books' totals are sums of balances; a balance knows a number and nothing that says"
    " who you are.",
}

SECTIONS: Final = (
    Kept(
        "balances",
        rows_of(
            "balance",
            {"account": "account_id", "reduction_mg": "reduction_mg", "points": "points"},
            order="account_id",
        ),
        why_kept=_BALANCES_STAY,
        tables=("balance",),
    ),
    Kept(
        "points_by_date",
        rows_of(
            "points_lot",
            {
                "account": "account_id",
                "points": "points",
                "available_from": day_of("available_from"),
                "expires_on": f"case when expires_on < {FOR_EVER} then {day_of('expires_on')} end",
            },
            order="account_id, available_from, expires_on",
        ),
        why_kept=_BALANCES_STAY,
        tables=("points_lot",),
    ),
)


def register_kept() -> None:
    """Tell the register what this room keeps."""
    register(*SECTIONS)
