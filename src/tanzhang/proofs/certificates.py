"""A certificate: what one account's acts of a period come to, each with its way to the root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tanzhang.problems import Problem
from tanzhang.proofs.bundles import Bundle, VerifiedBundle, make_bundle, verify_bundle
from tanzhang.proofs.fields import Fields
from tanzhang.proofs.form import Document
from tanzhang.proofs.outcomes import Outcome
from tanzhang.proofs.signing import Seal
from tanzhang.proofs.trust import Trust

CERTIFICATE_FORMAT: Final = "tanzhang-certificate/1"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a programme, the last one included."""

    first_day: date
    last_day: date
    time_zone: str

    def instants_us(self) -> tuple[int, int]:
        """From the first day's beginning up to the end of the last, in µs since 1970."""
        zone = ZoneInfo(self.time_zone)
        days = self.first_day, self.last_day + timedelta(days=1)
        begin, end = (datetime.combine(day, time(), zone).timestamp() for day in days)
        return int(begin) * 1_000_000, int(end) * 1_000_000

    def as_json(self) -> dict[str, str]:
        """As a certificate says it."""
        return {
            "from": self.first_day.isoformat(),
            "to": self.last_day.isoformat(),
            "time_zone": self.time_zone,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a verified certificate says."""

    bundle: VerifiedBundle
    period: Period
    act_count: int
    reading: Mapping[str, Any]


def make_certificate(
    *,
    installation: str,
    account: bytes,
    period: Period,
    bundle: Bundle,
    reading: Mapping[str, Any],
    root: Document,
    seal: Seal,
) -> Document:
    """A signed certificate; ``reading`` is for people, in ``zh`` and ``en``."""
    return make_bundle(
        CERTIFICATE_FORMAT,
        installation=installation,
        account=account,
        bundle=bundle,
        more={
            "period": period.as_json(),
            "act_count": len({leaf.event_key for leaf in bundle.leaves}),
            "reading": reading,
        },
        root=root,
        seal=seal,
    )


def verify_certificate(document: Document, trust: Trust) -> Certificate:
    """What a certificate says, if everything in it holds."""
    bundle, fields = verify_bundle(document, CERTIFICATE_FORMAT, trust)
    found = Certificate(
        bundle=bundle,
        period=_read_period(fields.inside("period")),
        act_count=fields.integer("act_count", 1),
        reading=fields.anything("reading"),
    )
    fields.end()
    last = last_of_events(bundle.outcomes)
    if len(last) != found.act_count:
        raise Problem("proofs.sum_differs", stated=found.act_count, summed=len(last))
    begin_us, end_us = found.period.instants_us()
    for outcomes in last.values():
        if not any(begin_us <= outcome.leaf.started_us < end_us for outcome in outcomes):
            raise Problem("proofs.period_left", event=outcomes[0].leaf.event_key.hex())
    return found


def last_of_events(outcomes: Iterable[Outcome]) -> dict[bytes, list[Outcome]]:
    """Of each event what was posted for it last: its outcomes in the youngest piece.

    One of these says when the act was; an act that a partner moved to another month is closed in
    the old one and begun anew in the other by one piece.
    """
    found: dict[bytes, list[Outcome]] = {}
    for outcome in outcomes:
        so_far = found.get(outcome.leaf.event_key, [])
        if not so_far or so_far[0].position < outcome.position:
            found[outcome.leaf.event_key] = [outcome]
        elif so_far[0].position == outcome.position:
            so_far.append(outcome)
    return found


def _read_period(fields: Fields) -> Period:
    texts = {name: fields.text(name) for name in ("from", "to", "time_zone")}
    fields.end()
    try:
        period = Period(
            date.fromisoformat(texts["from"]), date.fromisoformat(texts["to"]), texts["time_zone"]
        )
        period.instants_us()
    except (ValueError, OverflowError, OSError, LookupError):
        raise Problem("proofs.member_wrong", member="period") from None
    if period.as_json() != texts or period.last_day < period.first_day:
        raise Problem("proofs.member_wrong", member="period")
    return period
