"""Whether somebody may join, by what is known of each rule so far; a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanzhang.engine.packs.joining.section import Both, Condition, Either, Rule, rules_in
from tanzhang.engine.packs.tree import Text

#: What is known of a rule: it is true of her, it is not, or (None) that is still to be seen.
Verdicts = Mapping[str, bool | None]


def judge(who: Condition | None, verdicts: Verdicts) -> bool | None:
    """Whether she may join; None while it depends on what is still to be seen.

    Somebody whom no further evidence could let in is refused before she is asked for any.
    """
    if who is None:
        return True
    if isinstance(who, str):
        return verdicts.get(who)
    parts = [judge(part, verdicts) for part in who.parts]
    decisive = isinstance(who, Either)
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def grounds(who: Condition | None, verdicts: Verdicts) -> tuple[str, ...]:
    """The rules that are true of her and count, in the section's order."""
    return tuple(rule for rule in rules_in(who) if verdicts.get(rule))


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that is not true of somebody, and what she can do."""

    title: Text
    if_not: Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody may not join: ``any_helps`` where meeting one of the rules would be enough."""

    any_helps: bool
    unmet: tuple[Unmet, ...]


def refusal(who: Condition | None, rules: Mapping[str, Rule], verdicts: Verdicts) -> Refusal:
    """The rules that keep her out; call it where ``judge`` says no."""
    missing = _missing(who, verdicts)
    return Refusal(
        any_helps=len(missing) > 1 and _is_either(who, verdicts),
        unmet=tuple(Unmet(rules[rule].title, rules[rule].if_not) for rule in missing),
    )


def _is_either(who: Condition | None, verdicts: Verdicts) -> bool:
    """Whether the refusal comes from alternatives, none of which is true."""
    if isinstance(who, Both):
        failing = [part for part in who.parts if judge(part, verdicts) is False]
        return len(failing) == 1 and _is_either(failing[0], verdicts)
    return isinstance(who, Either)


def _missing(who: Condition | None, verdicts: Verdicts) -> tuple[str, ...]:
    if who is None or judge(who, verdicts) is not False:
        return ()
    if isinstance(who, str):
        return (who,)
    return tuple(dict.fromkeys(rule for part in who.parts for rule in _missing(part, verdicts)))
