"""``settle``: a whole book in one thread, against the least that any settlement must do.

The book: 100,000 people, twelve packs, 2 % of acts reported twice, about one in ten cut by a limit,
one in a hundred overlapping another trip. The peer sorts the same rows once and takes one running
sum.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is first imported

import numpy as np

from tanzhang.engine.acts import Acts, Status
from tanzhang.engine.packs import build_rulebook, load_packs
from tanzhang.engine.rules import INPUT_SLOTS, Ints, Rulebook
from tanzhang.engine.settle import settle_sorted, sorted_acts
from tanzhang.stored_time import DAY_US
from tanzhang.workbench.bench.result import Result, median_seconds

ACTS, SUBJECTS = 1_000_000, 100_000
FIRST_DAY = 19_900
DAYS = 30

#: Pack, its inputs' usual values, and how long an act lasts in minutes.
PACKS: dict[str, tuple[tuple[int, ...], int]] = {
    "meituan-bike": ((1_500,), 12),
    "meituan-ebike": ((2_500,), 12),
    "beijing-bike": ((1_200,), 10),
    "shenzhen-transit": ((1, 9_000), 30),
    "hankou-walk": ((14_000,), 0),
    "hankou-ride": ((1,), 25),
    "spdb-bus": ((1,), 25),
    "hankou-payment": ((1,), 0),
    "beijing-ev-charge": ((12_000,), 40),
    "beijing-takeaway": ((1,), 0),
    "beijing-ewaybill": ((1,), 0),
    "online-meeting": ((1,), 45),
}


def settle(quick: bool) -> Result:
    """Acts settled a second, from facts sorted as they are stored."""
    acts_count = ACTS // 10 if quick else ACTS
    rulebook = build_rulebook(load_packs())
    _, acts = sorted_acts(_book(rulebook, acts_count, max(SUBJECTS * acts_count // ACTS, 1)))
    outcomes = settle_sorted(acts, rulebook).outcomes
    ours = median_seconds(lambda: settle_sorted(acts, rulebook), 5)
    sorting = median_seconds(lambda: sorted_acts(acts), 3)
    least = median_seconds(lambda: _least(acts.subject, acts.started_us, outcomes.gross_mg), 5)
    status = np.bincount(outcomes.status, minlength=len(Status)) / acts_count
    return Result(
        "settle",
        acts_count / ours,
        "acts/s",
        acts_count / least,
        {
            "acts": acts_count,
            "with_sorting_acts_per_s": round(acts_count / (ours + sorting)),
            "duplicate_share": round(float(status[Status.DUPLICATE]), 4),
            "cut_share": round(len(np.unique(outcomes.cuts.row)) / acts_count, 4),
        },
    )


def _least(subject: Ints, started_us: Ints, value: Ints) -> Ints:
    """One sort by person and time, one running sum."""
    order = np.lexsort((started_us, subject))
    return np.cumsum(value[order])


def _book(rulebook: Rulebook, count: int, subjects: int) -> Acts:
    rng = np.random.default_rng(7)
    names = list(rulebook.packs)
    choice = rng.integers(0, len(PACKS), count)
    usual = np.zeros((len(PACKS), INPUT_SLOTS), np.int64)
    minutes = np.zeros(len(PACKS), np.int64)
    for number, (amounts, lasts) in enumerate(PACKS.values()):
        usual[number, : len(amounts)] = amounts
        minutes[number] = lasts
    pack = np.array([names.index(name) for name in PACKS], np.int64)[choice]
    subject = rng.integers(0, subjects, count)
    started = (FIRST_DAY + rng.integers(0, DAYS, count)) * DAY_US
    started += rng.integers(0, 24 * 60, count) * 60_000_000
    inputs = usual[choice]
    vary = inputs[:, 0] > 100
    inputs[vary, 0] = inputs[vary, 0] * rng.integers(50, 150, int(vary.sum())) // 100
    item = rng.integers(1, 2**40, count)
    # The same act again, a few minutes off: two partners tell of one ride, one bill is paid twice.
    again = rng.choice(count - 1, count * 2 // 100, replace=False) + 1
    for column in (subject, pack, item, inputs):
        column[again] = column[again - 1]
    choice[again] = choice[again - 1]
    started[again] = started[again - 1] + 120_000_000
    zeros = np.zeros(count, np.int64)
    return Acts(
        subject=subject,
        account=subject + 10_000_000,
        key=rng.permutation(count),
        programme=zeros,
        pack=pack,
        scene=pack + 1,
        started_us=started,
        ended_us=started + minutes[choice] * 60_000_000,
        grade=np.ones(count, np.int64),
        item=item,
        state=zeros,
        consent=np.ones(count, bool),
        joined_day=zeros,
        inputs=inputs,
        given=np.ones((count, INPUT_SLOTS), bool),
    )
