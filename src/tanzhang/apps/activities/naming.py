"""What stored numbers are called on a screen: scenes, partners, packs, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tanzhang.apps.activities.current import CurrentAct
from tanzhang.apps.activities.reasons import reason_name
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.partners.api import partner_codes
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status
from tanzhang.stored_time import date_of


@dataclass(frozen=True, slots=True)
class Record:
    """One act on a citizen's screen; ``day`` is its local day in the programme."""

    event: str  #: the event key, 32 hexadecimal digits
    scene: str
    scene_title: str
    partner: str
    partner_title: str
    day: date
    started_us: int
    ended_us: int
    status: str
    reason: str  #: ``none``, or why it is not credited in full
    gross_mg: int
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of one programme's scenes and partners in one language."""

    programme: str
    lang: str
    zone: ZoneInfo
    scenes: Mapping[int, tuple[str, str]]  #: number -> code and title
    partners: Mapping[int, tuple[str, str]]
    rules: RulesInForce

    def day(self, instant_us: int) -> date:
        """The local day of an instant."""
        return datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(self.zone).date()

    def record(self, act: CurrentAct) -> Record:
        """An act with its names."""
        packs = {number: code for code, number in self.rules.pack_ids.items()}
        scene, scene_title = self.scenes[act.scene_id]
        partner, partner_title = self.partners[act.partner_id]
        return Record(
            event=act.event,
            scene=scene,
            scene_title=scene_title,
            partner=partner,
            partner_title=partner_title,
            day=date_of(act.day),
            started_us=act.started_us,
            ended_us=act.ended_us,
            status=Status(act.status).name.lower(),
            reason=reason_name(
                act.reason, self.rules.edition(packs[act.pack_id], act.pack_version_id)
            ),
            gross_mg=act.gross_mg,
            reduction_mg=act.credited_mg,
            points=act.points,
        )


def naming(account: AccountEntry, rules: RulesInForce, lang: str) -> Naming:
    """The names that an account's screens need."""
    programme = rules.programme_code(account.programme_id)
    titles = rules.programme_file(programme).partners
    return Naming(
        programme=programme,
        lang=lang,
        zone=ZoneInfo(rules.programme(programme).time_zone),
        scenes={
            number: (code, heading(rules.scene_title(programme, code)[lang]))
            for (own, code), number in rules.scene_ids.items()
            if own == programme
        },
        partners={
            number: (code, heading(titles[code][lang]) if code in titles else code)
            for number, code in partner_codes().items()
        },
        rules=rules,
    )


def heading(title: str) -> str:
    """A title as it begins a line: ``metro`` is Metro there."""
    return title[:1].upper() + title[1:]


def local_today(account: AccountEntry, rules: RulesInForce, now: datetime) -> date:
    """The local day of an instant in the account's programme."""
    zone = rules.programme(rules.programme_code(account.programme_id)).time_zone
    return now.astimezone(ZoneInfo(zone)).date()


def month_of(day: date) -> int:
    """The stored month of a day: YYYYMM."""
    return day.year * 100 + day.month
