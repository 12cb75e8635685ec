"""The living city: fictitious citizens whose acts are reported as they happen, now.

Everything goes through the door that real partners use, partner by partner, and into the journal
before and after. The process may be stopped or killed at any time; started again, it first says
again what has no answer.
"""

from __future__ import annotations

import fcntl
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom

import django.db
import polars as pl
import psycopg

from tanzhang.apps.activities.api import REPORT, accept
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner as partner_by_code
from tanzhang.apps.people import api as people
from tanzhang.config.database import home
from tanzhang.problems import Problem
from tanzhang.workbench.city.arrivals import City
from tanzhang.workbench.city.journal import Journal, LiveBatch, Verdict
from tanzhang.workbench.city.moments import (
    Row,
    any_habit,
    corrected,
    habit_of,
    just_now,
    seen_by_the_bank,
)
from tanzhang.workbench.city.residents import enrol_residents, persons_of

#: PostgreSQL went away, or is not there yet.
DATABASE_GONE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    django.db.OperationalError,
    django.db.InterfaceError,
)

#: What goes wrong between an act and its report, of a thousand acts.
REPEATED, TOLD_BY_TWO, CORRECTED = 20, 25, 5

FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 10.0

#: Waits so many seconds, and answers whether to go on.
Pause = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class ActNow:
    """An act that was just reported, and what the door said of it."""

    partner: str
    external_id: str
    verdict: str
    code: str | None
    event_key: str | None
    started_us: int
    ended_us: int


def act_now(handle: str, scene: str, *, programme: str = "citic") -> ActNow:
    """Let one fictitious citizen do something now, such as ride the ``metro``; report it at once.

    ``handle`` is the handle of her account, ``<programme>-<person>``; her partners know her by the
    second half (see ``residents``). The act ends about now and begins after her last one ended and
    after her consent began; where that was only just now it ends in a few minutes instead, so that
    two in a row are two acts. It is accepted when this returns (unless ``verdict`` says otherwise,
    with the reason in ``code``), and settled as soon as a worker takes it.

    Call it outside of transactions: an act that is rolled back was not reported. Raises
    ``simulate.scene_unplayed``, ``partners.partner_unknown``, ``catalogue.programme_unknown``, and
    what PostgreSQL raises if it is away: then the act is in the journal, and the living city
    reports it when it can.
    """
    if django.db.connection.in_atomic_block:
        raise RuntimeError("act_now is called in a transaction, which may be rolled back")
    habit, person = habit_of(scene), handle.removeprefix(f"{programme}-")
    time_zone = rulebook_in_force().programme(programme).time_zone
    journal, now_us = Journal(home()), time.time_ns() // 1_000
    free_us = max(journal.last_ended(programme, person), _consent_us(handle, habit.stream.partner))
    row = just_now(habit, person, now_us, SystemRandom(), free_us=free_us, time_zone=time_zone)
    partner = habit.stream.partner
    (said,) = journal.send(programme, partner, [row], to_the_door).verdicts
    return ActNow(
        partner,
        row["external_id"],
        said.verdict,
        said.code,
        said.event_key,
        row["started_us"],
        row["ended_us"],
    )


def _consent_us(handle: str, partner: str) -> int:
    """When a citizen's latest consent to a partner began; 0 if she never gave any."""
    found = people.account(handle)
    if found is None:
        return 0
    accounts = pl.Series([found.id])
    with bulk_transaction() as cursor:
        windows = people.consent_windows(cursor, partner_by_code(partner).id, accounts)
    return max(windows["from_us"].to_list(), default=0)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """See that one living city at a time reports from an installation: two would double its pace.

    Raises ``simulate.city_lives``.
    """
    with (folder / "city.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem("simulate.city_lives", folder=str(folder)) from None
        yield


def to_the_door(batch: LiveBatch) -> list[Verdict]:
    """Report a batch; what the door says of its rows, in their order."""
    inputs = sorted({name for row in batch.rows for name in row if name.startswith("in_")})
    rows = [{"row": place, **row} for place, row in enumerate(batch.rows)]
    report = pl.DataFrame(rows, {**REPORT, **dict.fromkeys(inputs, pl.Int64)})
    received_us = time.time_ns() // 1_000
    accepted = accept(
        report, partner=batch.partner, programme=batch.programme, received_us=received_us
    )
    told = accepted.verdicts.sort("row").select("verdict", "code", "event_key")
    return [Verdict(*row) for row in told.iter_rows()]


@dataclass
class LiveCity:
    """A city that lives until its pause says that it is over."""

    city: City
    programme: str
    acts_a_second: float
    journal: Journal
    rng: Random = field(default_factory=SystemRandom)
    verdicts: Counter[str] = field(default_factory=Counter)
    _free_us: dict[str, int] = field(default_factory=dict)
    _recent: deque[tuple[str, Row]] = field(default_factory=lambda: deque(maxlen=200))

    def live(self, pause: Pause, waits: Callable[[float, str], None]) -> None:
        """Go on until ``pause`` says no; outlast a PostgreSQL that is away, telling ``waits``."""
        persons: list[str] = []
        wait_s = FIRST_WAIT_S
        while True:
            try:
                if not persons:
                    enrol_residents(self.city, self.programme)
                    persons = persons_of(self.city).to_list()
                self.journal.send_again(self._door)
                wait_s = FIRST_WAIT_S
                while self._moment(persons, pause):
                    pass
                return
            except DATABASE_GONE as error:
                waits(wait_s, " ".join(str(error).split()))
                django.db.connections.close_all()
                if not pause(wait_s):
                    return
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _moment(self, persons: Sequence[str], pause: Pause) -> bool:
        """Wait for the next act, and report it; whether to go on."""
        if not pause(self.rng.expovariate(self.acts_a_second)):
            return False
        chance = self.rng.randint(1, 1000)
        if chance <= REPEATED and self._recent:
            told = [self.rng.choice(self._recent)]
        elif chance <= REPEATED + CORRECTED and self._recent:
            told = self._correction()
        else:
            told = self._happens(self.rng.choice(persons), time.time_ns() // 1_000)
        for partner, row in told:
            self.journal.send(self.programme, partner, [row], self._door)
        return True

    def _happens(self, person: str, now_us: int) -> list[tuple[str, Row]]:
        """What a person just did, and who reports it; nothing if she is still under way."""
        zone, habit = self.city.time_zone, any_habit(self.rng)
        if person not in self._free_us:
            self._free_us[person] = self.journal.last_ended(self.programme, person)
        free_us = self._free_us[person]
        if free_us > now_us:
            return []
        row = just_now(habit, person, now_us, self.rng, free_us=free_us, time_zone=zone)
        self._free_us[person] = row["ended_us"]
        told = [(habit.stream.partner, row)]
        self._recent += told
        bank = seen_by_the_bank(row, self.rng, zone)
        if bank and self.rng.randint(1, 1000) <= TOLD_BY_TWO:
            told.append(("bank", bank))
        return told

    def _correction(self) -> list[tuple[str, Row]]:
        """The next revision of something said lately, which takes its place."""
        place = self.rng.randrange(len(self._recent))
        partner, known = self._recent[place]
        again = corrected(known, self.rng)
        if again is None:
            return []
        self._recent[place] = (partner, again)
        return [(partner, again)]

    def _door(self, batch: LiveBatch) -> list[Verdict]:
        told = to_the_door(batch)
        self.verdicts.update(verdict.verdict for verdict in told)
        return told
