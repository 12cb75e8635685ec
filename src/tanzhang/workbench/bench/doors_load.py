"""Partners that report as fast as they are asked to: rides, requests ready to be sent, senders.

Requests are made and signed before anything is measured, so that the partners' own work does not
take the cores from the server that is measured.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any, Final

from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Algorithm, Authorization, PrivateKey, Profile, generate, request_string
from tanzhang.workbench.bench.doors_unsigned import PATH as UNSIGNED
from tanzhang.workbench.city.streams import METRO_MODE
from tanzhang.workbench.conformance.caller import PLAIN, SEALED, Caller, written

SIGNED: Final = "/v1/events:batch"

#: Two partners report side by side, as two doors of one partner would wait for each other: scene,
#: and inputs besides the distance.
REPORTED: Final[dict[str, tuple[str, dict[str, int]]]] = {
    "bike-demo": ("shared-bike", {}),
    "metro-demo": ("metro", {"mode": METRO_MODE}),
}

RIDE: Final = timedelta(minutes=10)

#: Each citizen rides once a day. Her first ride is so long ago that a page still shows it.
APART: Final = timedelta(days=1)
BEGINNING: Final = timedelta(days=49)

CALLS_A_MINUTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride as an event, and whose it is."""

    person: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready to be sent, and the rides in it."""

    path: str
    headers: dict[str, str]
    body: bytes
    rides: Sequence[Ride]


@dataclass
class Rider:
    """The rides of one partner: one citizen after the other, and then all again a day later."""

    partner: str
    persons: Sequence[str]
    host: str
    key: PrivateKey = field(default_factory=lambda: generate(Algorithm.SM2))
    _made: int = 0

    def __post_init__(self) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self._begin = now - BEGINNING

    def requests(self, count: int, rides: int, *, signed: bool) -> list[Request]:
        """So many batches of so many rides."""
        return [self._request(rides, signed=signed) for _ in range(count)]

    def _request(self, count: int, *, signed: bool) -> Request:
        rides = [self._ride() for _ in range(count)]
        events = [ride.event for ride in rides]
        key = secrets.token_hex(16)
        if not signed:
            headers = {"X-Partner": self.partner, "Idempotency-Key": key, "Content-Type": PLAIN}
            return Request(UNSIGNED, headers, written(events), rides)
        caller = Caller(f"http://{self.host}", self.partner, self.key, key_store().published())
        body = caller.sealed(events)
        return Request(SIGNED, self._signed(body, key), body, rides)

    def _signed(self, body: bytes, idempotency_key: str) -> dict[str, str]:
        nonce, ts = secrets.token_hex(16), int(time.time())
        text = request_string(
            Profile.SM2,
            method="POST",
            path=SIGNED,
            query="",
            host=self.host,
            ts=ts,
            nonce=nonce,
            partner=self.partner,
            key=self.key.key_id,
            idempotency_key=idempotency_key,
            content_type=SEALED,
            body=body,
        )
        said = Authorization(
            Profile.SM2, self.partner, self.key.key_id, ts, nonce, self.key.sign(text)
        )
        return {
            "Host": self.host,
            "Authorization": said.header(),
            "Idempotency-Key": idempotency_key,
            "Content-Type": SEALED,
        }

    def _ride(self) -> Ride:
        turn, place = divmod(self._made, len(self.persons))
        self._made += 1
        scene, inputs = REPORTED[self.partner]
        started_at = self._begin + turn * APART
        event = {
            "specversion": "1.0",
            "id": f"{started_at:%Y%m%d}-{self.partner}-{self._made:09}",
            "source": f"/{self.partner}",
            "type": "cn.tanzhang.activity.reported.v1",
            "time": started_at.isoformat(),
            "subject": self.persons[place],
            "data": {
                "scene": scene,
                "ended_at": (started_at + RIDE).isoformat(),
                "grade": 3,
                "inputs": {"distance_m": 1_500 + self._made % 1_000, **inputs},
            },
        }
        return Ride(self.persons[place], event)


def riders(persons: Sequence[str], host: str) -> list[Rider]:
    """The partners, each with its share of the citizens, its key, and as many calls as it likes."""
    from tanzhang.apps.partners.api import AgreementKind, Terms, add_key, agree, partner

    shares = [persons[place :: len(REPORTED)] for place in range(len(REPORTED))]
    made = [Rider(code, own, host) for code, own in zip(REPORTED, shares, strict=True)]
    for rider in made:
        number = partner(rider.partner).id
        add_key(number, rider.key.public)
        agree(
            number, Terms(AgreementKind.REPORT, calls_a_minute=CALLS_A_MINUTE), by="the benchmark"
        )
    return made


def send(host: str, requests: Iterable[Request], told: Callable[[Request, bytes], None]) -> None:
    """Send one request after the other; each must be answered with a receipt."""
    connection = HTTPConnection(host, timeout=120)
    for request in requests:
        connection.request("POST", request.path, request.body, request.headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{request.path} answered {answer.status}: {said[:200]!r}")
        told(request, said)
    connection.close()


def seconds_of(host: str, queues: Sequence[Iterable[Request]]) -> float:
    """How long it takes until all queues are sent, side by side."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(len(queues)) as pool:
        for done in [pool.submit(send, host, queue, lambda *_: None) for queue in queues]:
            done.result()
    return time.perf_counter() - begin


def paced(requests: Sequence[Request], every_s: float) -> Iterator[Request]:
    """The requests at equal distances; one whose time is over comes at once."""
    begin = time.perf_counter()
    for place, request in enumerate(requests):
        time.sleep(max(0.0, begin + place * every_s - time.perf_counter()))
        yield request
