"""Lots: from when points can be spent, and when they lapse.

A programme's rule of the act's day decides the lot of its points; where its scene is judged, the
pack may ask for a longer wait (``waits``). The rules may be changed later, so every outcome
remembers by which its points went into a lot: what is taken back leaves the lot that it went into.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.posting.facts import Facts
from tanzhang.apps.activities.posting.rows import Rows
from tanzhang.apps.activities.posting.waits import packs_waits
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.ledger import api as ledger
from tanzhang.engine.rules import Ints
from tanzhang.engine.settle.plan import plan_of
from tanzhang.engine.settle.points import expiry_days

#: Written for "never lapse" among the years of lots.
NEVER = -1


def lot_rules(facts: Facts, points: Ints, rules: RulesInForce) -> tuple[Ints, Ints]:
    """Days until each act's points can be spent, and calendar years until they lapse.

    (0, NEVER) where there are no points: such an outcome is in no lot.
    """
    plan = plan_of(rules.rulebook)
    programme = rules.programme_index[facts.programme_id]
    version = plan.programme_version(programme, facts.day)
    stated = [version.points for version in plan.programme_versions]
    days = np.array([rule.available_after_days for rule in stated], np.int64)
    years = np.array(
        [NEVER if r.expires_after_years is None else r.expires_after_years for r in stated],
        np.int64,
    )
    after_days = np.maximum(days[version], packs_waits(facts, rules))
    return np.where(points != 0, after_days, 0), np.where(points != 0, years[version], NEVER)


def lot_days(day: Ints, after_days: Ints, after_years: Ints) -> tuple[Ints, Ints]:
    """The lot that points of a day are in by such a rule: available from, expires on.

    Points that can be spent at once are available from day 0, so that their days share a lot.
    """
    return np.where(after_days > 0, day + after_days, 0), expiry_days(day, after_years)


def write_lots(cursor: Cursor[Any], rows: Rows) -> None:
    """Each row takes its points back from the lot that they lay in and gives them anew."""
    day = np.append(rows.prior_day, rows.facts.day)
    points = np.append(-rows.prior_points, rows.prior_points + rows.points)
    after_days = np.append(rows.prior_available_after_days, rows.available_after_days)
    after_years = np.append(rows.prior_expires_after_years, rows.expires_after_years)
    moving = np.flatnonzero(points)
    if len(moving) == 0:
        return
    available_from, expires_on = lot_days(day[moving], after_days[moving], after_years[moving])
    ledger.add_to_lots(
        cursor,
        account_id=np.tile(rows.facts.account_id, 2)[moving],
        subject_id=np.tile(rows.facts.subject_id, 2)[moving],
        available_from=available_from,
        expires_on=expires_on,
        points=points[moving],
    )
