"""Decisions that no human made: acts of an account that a rule refused, cut to nothing or held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanzhang.apps.activities.current import CurrentAct, Months, Wanted, current_acts
from tanzhang.apps.activities.naming import Record, naming
from tanzhang.apps.activities.records import place_of
from tanzhang.apps.activities.rules_in_words import rule_in_words
from tanzhang.apps.activities.words import grams, reason_sentence, say
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status


@dataclass(frozen=True, slots=True)
class Decision:
    """One act that a rule did not count: what was decided, why, and the rule itself."""

    record: Record
    sentences: Sequence[str]
    rule: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Some decisions, the latest first; ``older`` is where the next page begins, if anywhere."""

    lines: Sequence[Decision]
    older: str


def decisions(
    account: AccountEntry, rules: RulesInForce, lang: str, *, before: str = "", lines: int
) -> DecisionPage:
    """A page of decisions; ``before`` is the ``older`` of the page before."""
    names = naming(account, rules, lang)
    wanted = Wanted(
        after=place_of(before),
        limit=lines + 1,
        statuses=(Status.LIMITED, Status.DUPLICATE, Status.REJECTED, Status.HELD),
    )
    with bulk_transaction() as cursor:
        found = current_acts(cursor, account, Months(), wanted)
    shown = [_decision(act, names.record(act), rules, lang) for act in found[:lines]]
    older = f"{found[lines - 1].started_us}-{found[lines - 1].event}" if found[lines:] else ""
    return DecisionPage(shown, older)


def _decision(act: CurrentAct, record: Record, rules: RulesInForce, lang: str) -> Decision:
    packs = {number: code for code, number in rules.pack_ids.items()}
    edition = rules.edition(packs[act.pack_id], act.pack_version_id)
    credited = grams(record.reduction_mg, lang)
    outcome = say("status", record.status, lang, credited=credited, points=record.points)
    return Decision(
        record,
        [outcome, reason_sentence(record.reason, lang)],
        rule_in_words(record.reason, edition, lang),
    )
