"""Who sees what: scenes, pages and ways in that are shown to some people first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.joining.cohorts import cohorts_of, members_among
from tanzhang.apps.people.joining.stages import stages_by
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.engine.packs.joining.section import Joining, is_for_everyone
from tanzhang.engine.rules import Ints

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What somebody does not see yet."""

    scenes: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()


NOTHING_HIDDEN = Hidden()


def hidden_from(programme_id: int, joining: Joining, account: AccountEntry | None) -> Hidden:
    """What an account's owner, or a guest without one, does not see; read anew each time."""
    if not joining.features:
        return NOTHING_HIDDEN
    with bulk_transaction() as cursor:
        now = stages_by(cursor, programme_id)
        own = cohorts_of(cursor, account.id) if account else {}
    found: dict[str, set[str]] = {"scene": set(), "page": set(), "entry": set()}
    for feature in joining.features.values():
        audience = now.audience(feature)
        if not is_for_everyone(audience) and not own.keys() & set(audience):
            found[feature.opens].add(feature.name)
    return Hidden(*(frozenset(found[opens]) for opens in ("scene", "page", "entry")))


def closed_scenes(
    cursor: Cursor, programme_id: int, joining: Joining
) -> Mapping[str, tuple[str, ...]]:
    """The scenes that some people see first, each with the cohorts that do."""
    features = joining.closed_scenes()
    if not features:
        return {}
    now = stages_by(cursor, programme_id)
    audiences = {scene: now.audience(feature) for scene, feature in features.items()}
    return {scene: who for scene, who in audiences.items() if not is_for_everyone(who)}


def admitted(
    cursor: Cursor, programme_id: int, cohorts: tuple[str, ...], account_ids: Ints
) -> Ints:
    """Those of these accounts that are in one of the cohorts, in rising order."""
    found = members_among(cursor, programme_id, cohorts, account_ids)
    return np.array(sorted(found), np.int64)
