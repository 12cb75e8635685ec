"""The demonstration: a fictitious city in a database that may be new or may have seen it before.

Every step may be repeated; what is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tanzhang.config.database import home
from tanzhang.workbench.city import City

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import EventLine, Statement, Story
    from tanzhang.engine.packs.tree import Text
    from tanzhang.workbench.city.sending import Sent

PROGRAMME = "citic"

#: 2 March 2026 was a Monday. Partners report once a day, so that a small city is quick.
CITIES = {
    "small": City(seed=51, citizens=30, days=1, start=date(2026, 3, 2), batches_a_day=1),
    "city": City(seed=1, citizens=2000, days=7, start=date(2026, 3, 2), batches_a_day=1),
}

#: How many days lie behind the citizens of a city that is shown running.
DAYS_LIVED = {"small": 28, "city": 7}

#: So many citizens' statements are read, to find what is worth showing.
READ = 60

#: The ride that is explained is of the first of these scenes that anybody took.
RIDES = ("shared-bike", "shared-ebike", "metro", "bus")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What had to be done before anything could be reported; empty the second time."""

    migrated: Sequence[str]
    loaded: Sequence[str]
    packs: int


@dataclass(frozen=True, slots=True)
class Lived:
    """A city's reports at the door, and what its acts came to."""

    sent: Sent
    reduction_mg: int
    outcomes: Mapping[str, int]
    digest: str

    @property
    def changed(self) -> bool:
        """Whether anything that was reported was new."""
        return self.sent.verdicts["accepted"] > 0


@dataclass(frozen=True, slots=True)
class Shown:
    """Some accounts of a city, and the stories of two acts with the titles of their scenes."""

    statements: Sequence[Statement]
    rider: str
    ride: tuple[Story, Text]
    #: An act that another partner's report stands for, if there is one.
    told_twice: tuple[Story, Text] | None


def prepare() -> Prepared:
    """Bring the database to its shape, mark it, load all packs and the programme ``citic``.

    Its partners are assessed, as fiction.

    Raises what ``admit_fictitious_people`` raises.
    """
    from tanzhang.config.kind import admit_fictitious_people
    from tanzhang.config.migrate import migrate
    from tanzhang.engine.packs import load_packs

    migrated = migrate()
    admit_fictitious_people()
    from tanzhang.apps.catalogue.api import load_catalogue

    library = load_packs()
    from tanzhang.apps.people.api import record_texts
    from tanzhang.workbench.assessed import assess_partners

    record_texts()
    loaded = load_catalogue(library, [PROGRAMME])
    assess_partners(PROGRAMME)
    return Prepared(migrated, [*loaded.new, *loaded.ended], len(library.packs))


def lately(size: str) -> City:
    """A city that lived until yesterday, as it was when it was first shown here.

    The day of the first show is remembered in the home, so that the same past is shown again.
    """
    remembered = home() / "first-shown-on"
    if not remembered.exists():
        remembered.write_text(date.today().isoformat(), encoding="ascii")
    first = date.fromisoformat(remembered.read_text(encoding="ascii"))
    days = DAYS_LIVED[size]
    return replace(CITIES[size], days=days, start=first - timedelta(days=days))


def has_lived(city: City) -> bool:
    """Whether the last report of a city is at the door, and so all that were sent before it.

    Asks the door itself and takes the question back.
    """
    from django.db import transaction

    from tanzhang.apps.activities.api import accept
    from tanzhang.workbench.city.arrivals import batches

    *_, last = batches(city)
    with transaction.atomic():
        said = accept(
            last.reports, partner=last.partner, programme=PROGRAMME, received_us=last.received_us
        )
        transaction.set_rollback(True)
    return said.counts["duplicate"] == len(last.reports)


def live(city: City) -> Lived:
    """Let a city live its days: report everything at the door and settle it."""
    from tanzhang.apps.activities.api import credited_total, digest
    from tanzhang.workbench.city.sending import report

    sent = report(city, PROGRAMME, lambda batch: None)
    reduction_mg, outcomes = credited_total(sent.event_keys())
    return Lived(sent, reduction_mg, outcomes, digest())


def show(city: City, lang: str) -> Shown:
    """Statements of a city's first citizens, and what became of two of their acts."""
    from tanzhang.apps.activities.api import statement, story
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.people.api import account
    from tanzhang.workbench.city.residents import handles

    rules = rulebook_in_force()
    accounts = [found for handle in handles(city, PROGRAMME)[:READ] if (found := account(handle))]
    statements = [statement(found, rules) for found in accounts]

    def told(whose: Statement, event: str) -> tuple[Story, Text]:
        found = story(whose.account, event, rules, lang)
        return found, rules.scene_title(PROGRAMME, found.scene)

    rider, ride = _a_ride(statements)
    lost = [(one, event.event) for one in statements for event in one.events if _lost(event)]
    told_twice = told(*lost[0]) if lost else None
    return Shown(statements, rider.account.handle, told(rider, ride), told_twice)


def _lost(event: EventLine) -> bool:
    """Whether a report of another partner stands for an act."""
    return event.status == "duplicate" and event.reason == "overlap"


def _a_ride(statements: Sequence[Statement]) -> tuple[Statement, str]:
    """The first credited ride, by the order of ``RIDES``: whose it is, and its event key."""
    rides = [
        (RIDES.index(event.scene), place, event.started_us, event.event)
        for place, one in enumerate(statements)
        for event in one.events
        if event.scene in RIDES and event.status == "credited"
    ]
    _, place, _, event_key = min(rides)
    return statements[place], event_key
