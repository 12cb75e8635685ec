"""The fast path: acts in order, settled from registers, without reading what came before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.apps.activities.posting.facts import Facts, acts_of, item_codes, item_ids, ranks
from tanzhang.apps.activities.posting.lots import lot_rules
from tanzhang.apps.activities.posting.rows import Rows, first_outcomes
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.ledger.api import Book
from tanzhang.engine.acts import Acts
from tanzhang.engine.rules import Flags, Ints
from tanzhang.engine.settle import settle_sorted, sorted_acts
from tanzhang.engine.settle.plan import plan_of
from tanzhang.engine.settle.registers import Registers
from tanzhang.engine.settle.running import Running, advanced, binding, in_order


@dataclass(frozen=True, slots=True)
class FastResult:
    """What could be settled from registers, and the subjects that need their history."""

    rows: Rows | None
    registers: Registers
    slow_subjects: Ints


def sorted_facts(facts: Facts, rules: RulesInForce) -> tuple[Facts, Acts]:
    """Facts and acts, sorted by (subject, start, key)."""
    acts = acts_of(facts, rules, ranks(facts.key), item_codes(facts.item))
    order, acts = sorted_acts(acts)
    return facts.take(order), acts


def running_of(book: Book, facts: Facts, rules: RulesInForce) -> Running:
    """The running state of all accounts of the facts' subjects, new accounts included."""
    accounts, first = np.unique(facts.account_id, return_index=True)
    number = np.union1d(accounts, book.account_id)
    subject = np.zeros(len(number), np.int64)
    subject[np.searchsorted(number, accounts)] = facts.subject_id[first]
    stored = [b""] * len(number)
    places = np.searchsorted(number, book.account_id)
    subject[places] = book.subject_id
    for place, running in zip(places.tolist(), book.running, strict=True):
        stored[place] = running
    families = plan_of(rules.rulebook).families
    return Running(
        number=number,
        subject=subject,
        families=families,
        limit_ids=[rules.limit_ids[family.owner, family.name] for family in families],
        pack_ids=np.array([rules.pack_ids[pack] for pack in rules.rulebook.packs], np.int64),
        registers=Registers.decode(stored),
    )


def settle_in_order(
    facts: Facts, acts: Acts, rules: RulesInForce, running: Running, known: Flags
) -> FastResult:
    """Settle whole batches of subjects whose acts all come in order; ``known`` rows never do."""
    rulebook = rules.rulebook
    running = running.with_items(item_ids(facts.item, acts.item))
    fast = in_order(acts, rulebook, running, known)
    while np.any(fast):
        some = acts.take(np.flatnonzero(fast))
        settlement = settle_sorted(some, rulebook, carry=running)
        bound = binding(some, rulebook, running, settlement)
        if not np.any(bound):
            break
        fast[np.flatnonzero(fast)[bound]] = False
    slow_subjects = np.unique(facts.subject_id[~fast])
    if not np.any(fast):
        return FastResult(None, running.registers, slow_subjects)
    registers = advanced(some, rulebook, running, settlement)
    own = facts.take(np.flatnonzero(fast))
    lots = lot_rules(own, settlement.outcomes.points, rules)
    rows = first_outcomes(own, settlement.outcomes, lots, rules)
    return FastResult(rows, registers, slow_subjects)
