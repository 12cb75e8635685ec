"""Kin: everybody whom links connect with the subjects that a transaction settles (design §10.4).

One person's subjects are settled together, wherever they lie. A link is only written under the
locks of the shards of all whom it connects (``activities.linking``), so that who holds one of them
reads links that stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.posting import locks
from tanzhang.apps.distribution import shards
from tanzhang.apps.people import api as people
from tanzhang.engine.kinship import Link, Sets
from tanzhang.engine.rules import Ints


@dataclass(frozen=True, slots=True)
class Kin:
    """Links, and for each subject that they name all whom they connect with it, itself included."""

    links: tuple[Link, ...]
    of_subject: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, links: Iterable[Link]) -> Kin:
        """Who is connected by these links, at whatever time."""
        told = tuple(links)
        sets = Sets()
        for link in told:
            sets.join(link.one, link.other)
        members: dict[int, set[int]] = {}
        for subject in {subject for link in told for subject in (link.one, link.other)}:
            members.setdefault(sets.least(subject), set()).add(subject)
        groups = map(frozenset, members.values())
        return cls(told, {subject: group for group in groups for subject in group})

    @property
    def subjects(self) -> Ints:
        """Everybody whom the links name."""
        return np.array(sorted(self.of_subject), np.int64)

    def together(self, subjects: Iterable[int]) -> frozenset[int]:
        """These subjects, and all whom links connect with them."""
        own = list(subjects)
        return frozenset(own).union(*(self.of_subject.get(subject, ()) for subject in own))

    def pieces(self, piece_of: Mapping[int, int]) -> dict[int, int]:
        """The piece of each subject; who has none has the newest of those connected with her."""
        newest: dict[int, int] = {}
        for subject, piece in piece_of.items():
            for other in self.of_subject.get(subject, ()):
                newest[other] = max(piece, newest.get(other, 0))
        return {**newest, **piece_of}


def hold_kin(cursor: Cursor[Any], shard: int, subjects: Ints) -> Kin:
    """The kin of these subjects of a shard that is held, their shards held too.

    Raises ``locks.ShardTakenError`` if one of those is not free.
    """
    kin = Kin.of(entry.link for entry in people.links_of(cursor, subjects.tolist()))
    needed = {shard, *shards(kin.subjects).tolist()}
    if not all(locks.try_shard(cursor, other) for other in sorted(needed - {shard})):
        raise locks.ShardTakenError(frozenset(needed))
    return kin
