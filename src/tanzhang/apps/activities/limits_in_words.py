"""A limit as people read it: how much room, for how long, and whose rule it is."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.rules import Kind, Limit, Period, Scope
from tanzhang.engine.units import MASS, show_value

_PERIODS: Final = {
    "zh": {
        Period.DAY: "每日",
        Period.WEEK: "每周",
        Period.MONTH: "每月",
        Period.YEAR: "每年",
        Period.LIFETIME: "终身",
    },
    "en": {
        Period.DAY: "a day",
        Period.WEEK: "a week",
        Period.MONTH: "a month",
        Period.YEAR: "a year",
        Period.LIFETIME: "in all",
    },
}

_SCOPES: Final = {
    "zh": {
        Scope.ITEM: "按本方法学计入的行为",
        Scope.SCENE: "本场景的行为",
        Scope.ACCOUNT: "本账户",
        Scope.PROGRAMME: "本人在本机制的全部账户",
    },
    "en": {
        Scope.ITEM: "acts counted by this methodology",
        Scope.SCENE: "acts of this scene",
        Scope.ACCOUNT: "this account",
        Scope.PROGRAMME: "all your accounts in the programme",
    },
}


def limit_in_words(rules: RulesInForce, owner: str, name: str, lang: str) -> str:
    """``at most 400 kg a day for this account``, by the latest rules that have the limit.

    Its bare name where no rule in force has it any more.
    """
    limit = _limit(rules, owner, name)
    if limit is None:
        return name
    period, scope = _PERIODS[lang][limit.period], _SCOPES[lang][limit.scope]
    if limit.kind is Kind.AMOUNT:
        room = show_value(Fraction(limit.value, 1000), MASS, lang)
    else:
        room = f"{limit.value} 次" if lang == "zh" else f"{limit.value} acts"
    return f"{scope}{period}至多 {room}" if lang == "zh" else f"at most {room} {period} for {scope}"


def _limit(rules: RulesInForce, owner: str, name: str) -> Limit | None:
    found = [
        limit
        for version in rules.rulebook.packs.get(owner, ())
        for limit in version.limits
        if limit.name == name
    ]
    if owner in rules.rulebook.programmes:
        found += [
            limit
            for version in rules.rulebook.programmes[owner].versions
            for limit in version.limits
            if (limit.owner, limit.name) == (owner, name)
        ]
    return found[-1] if found else None
