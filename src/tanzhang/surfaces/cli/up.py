"""``tanzhang up``: the whole demonstration as one process, with everything it needs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.demo import Size
from tanzhang.surfaces.cli.refusals import language
from tanzhang.surfaces.cli.signals import Told

if TYPE_CHECKING:
    from tanzhang.config.processes.presence import Claim
    from tanzhang.config.processes.supervisor import Part, Supervisor
    from tanzhang.config.serving import Address

PORTS_TRIED: Final = 20

#: Static files are collected the first time, on a slow disk.
READY_SECONDS: Final = 120.0

#: How often the embedded PostgreSQL is looked after.
DATABASE_SECONDS: Final = 2.0


def up(
    size: Annotated[
        Size, typer.Option(help="How much of a city has lived already: none, small or city.")
    ] = Size.SMALL,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65535,
            help="Default: the first free one from 8000 (sandbox: 8001).",
        ),
    ] = None,
    no_city: Annotated[
        bool, typer.Option("--no-city", help="Let nobody act while the site runs.")
    ] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Run the whole demonstration: database, workers, web server and a living fictitious city.

    Prints the address and the log-ins, and runs until Ctrl-C or “tanzhang stop”; then it stops
    everything in order. A second run goes on where the first one stopped. Parts that die are
    started again. It is a demonstration: no person in it is real, and its log-ins work nowhere
    else; an installation in which people may be real is refused. For real use run “tanzhang web”,
    “tanzhang worker” and “tanzhang scheduler” by themselves. “tanzhang --sandbox up” runs a sandbox
    for partners to try, beside this one.

    Example: tanzhang up --size small
    """
    spoken = language(["--lang", lang or ""])
    told = Told()
    from tanzhang.config import database, postgres
    from tanzhang.config.processes import presence
    from tanzhang.surfaces.cli.up_text import say

    home = database.home()
    with presence.claimed(home) as claim:
        _free_address(port)  # refused before anything is prepared
        try:
            with told.interrupting():
                logins = _prepare(size, spoken)
            if not told.to_end():
                parts = _parts(None if no_city else size)
                address = _free_address(port)  # it may have been taken while all was prepared
                _run(claim, address, logins, parts, told=told, lang=spoken)
        finally:
            say("stopping", spoken)
            if database.is_embedded():
                postgres.stop(home)
            say("stopped", spoken)


def _free_address(port: int | None) -> Address:
    """Where to serve: where the environment or the caller says, else the first free port.

    Raises ``configuration.address_taken`` for a port that was asked for, ``up.port_taken`` else.
    """
    from tanzhang.config import environment
    from tanzhang.config.serving import Address, address, first_port

    if environment.text("TANZHANG_LISTEN") or port:
        asked = Address("127.0.0.1", port) if port else address()
        asked.refuse_taken()
        return asked
    first = first_port()
    for number in range(first, first + PORTS_TRIED):
        found = Address("127.0.0.1", number)
        if found.is_free():
            return found
    raise Problem("up.port_taken", port=first, tried=PORTS_TRIED - 1)


def _prepare(size: Size, lang: str) -> Sequence[tuple[str, str]]:
    """Bring everything to where the site can be shown; roles of the console with passwords."""
    from tanzhang.surfaces.cli.up_text import say
    from tanzhang.workbench import demonstration

    say("preparing", lang)
    demonstration.prepare()
    if size is not Size.NONE:
        city = demonstration.lately(size.value)
        if demonstration.has_lived(city):
            say("known", lang)
        else:
            say("living", lang, citizens=city.citizens, days=city.days)
            say("lived", lang, acts=demonstration.live(city).sent.rows)
    from tanzhang.surfaces.cli import demo_staff

    logins = [*demo_staff.prepare(), demo_staff.prepare_member()]
    from django.db import connections

    connections.close_all()
    return logins


def _run(
    claim: Claim,
    address: Address,
    logins: Sequence[tuple[str, str]],
    parts: Sequence[Part],
    *,
    told: Told,
    lang: str,
) -> None:
    """Run all parts until told to end."""
    from tanzhang.config import environment as variables
    from tanzhang.config.processes.supervisor import PAUSE_SECONDS, Supervisor
    from tanzhang.surfaces.cli.up_text import say, welcome

    def died(name: str, code: int, seconds: float) -> None:
        say("died", lang, part=name, code=code, seconds=int(seconds), log=f"{logs}/{name}.log")

    logs = claim.home / "logs"
    environment = {"TANZHANG_LISTEN": str(address), "TANZHANG_HOME": str(claim.home)}
    with Supervisor(logs, environment, claim.parts_lock, died) as supervisor:
        say("starting", lang)
        supervisor.start(parts)
        for _ in _until_ready(supervisor, address, str(logs / "web.log")):
            if told.to_end():
                return
        claim.tell(f"http://{address}/")
        welcome(str(address), logins, lang, sandbox=variables.is_sandbox())
        looked = time.monotonic()
        while not told.to_end():
            time.sleep(PAUSE_SECONDS)
            supervisor.look_after()
            if time.monotonic() - looked > DATABASE_SECONDS:
                _look_after_database(claim.home, lang)
                looked = time.monotonic()


def _look_after_database(home: Path, lang: str) -> None:
    """Start the embedded PostgreSQL again if it died; the parts wait for it meanwhile."""
    from tanzhang.config import database, postgres
    from tanzhang.surfaces.cli.up_text import say

    if database.is_embedded() and not postgres.is_running(home):
        say("database_died", lang, log=str(home / "postgres.log"))
        database.ensure_available()


def _parts(living: Size | None) -> list[Part]:
    """What runs: as many workers as cores can carry beside the database and the site."""
    from tanzhang.config.processes.supervisor import Part
    from tanzhang.workbench.demonstration import CITIES

    workers = max(1, min(4, (os.cpu_count() or 1) - 1))
    parts = [
        *(Part(f"worker-{number}", ("worker",)) for number in range(1, workers + 1)),
        Part("scheduler", ("scheduler",)),
        Part("courier", ("courier",)),
        Part("web", ("web",)),
    ]
    if living is not None:
        city = CITIES["city" if living is Size.CITY else "small"]
        who = ("--seed", str(city.seed), "--citizens", str(city.citizens))
        rate = str(max(0.2, city.citizens / 2000))  # acts a second: seen to live, and no rush
        parts.append(Part("city", ("city", "live", *who, "--rate", rate)))
    return parts


def _until_ready(supervisor: Supervisor, address: Address, log: str) -> Iterator[None]:
    """Look after the parts until the site answers that it is ready. Raises ``up.site_silent``."""
    from tanzhang.config.processes.supervisor import PAUSE_SECONDS

    deadline = time.monotonic() + READY_SECONDS
    while (missing := _missing(address)) != "":
        if time.monotonic() > deadline:
            raise Problem(
                "up.site_silent",
                address=str(address),
                seconds=int(READY_SECONDS),
                missing=missing,
                log=log,
            )
        yield
        time.sleep(PAUSE_SECONDS)
        supervisor.look_after()


def _missing(address: Address) -> str:
    """What the site says it lacks; nothing if it is ready."""
    import json
    from http.client import HTTPConnection, HTTPException

    try:
        connection = HTTPConnection(address.reached_at(), address.port, timeout=5)
        connection.request("GET", "/readyz")
        answer = connection.getresponse().read()
        connection.close()
        return ", ".join(json.loads(answer)["missing"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return "web"  # nobody answers, or somebody who is no site of ours
