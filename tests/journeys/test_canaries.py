"""Planted people pass through every door; no dump of the database and no log line names them.

The dump is what somebody who stole it would have: every table by COPY, and every column of bytes
raw and unpacked besides. Nothing here knows how the house hides what it keeps.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator

import pytest
from django.test import Client

from clean_database import Database
from surfaces.citizen.browser import browser
from surfaces.console.desk import sit_down
from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.apps.activities.api import drain
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import add_key, partner
from tanzhang.apps.people import api as people
from tanzhang.config.logs import JsonLines

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

NAME, PHONE, STRANGER = "司徒麒麟", "10042424242", "10043434343"
EMAIL, ADDRESS = "situ.qilin@canary.example", "金丝雀街四十二号"
ID_NUMBER, PASSWORD_TYPED = "11010119900307876X", "canary-hunter2-secret"
CANARIES = [
    *(NAME, PHONE, PHONE[3:], STRANGER, EMAIL, EMAIL.partition("@")[0], ADDRESS),
    *(ID_NUMBER, PASSWORD_TYPED),
]


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything that any room says, as its log lines are written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(), *map(logging.getLogger, ("django", "tanzhang", "axes"))]
    levels = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


def names_nobody(said: str) -> bool:
    found = [canary for canary in CANARIES if canary in said]
    assert found == []
    return True


def lives() -> people.AccountEntry:
    """Gil comes from her bank with a phone, logs in by code, and tells who she is."""
    visitor = browser()
    visitor.goes_on(visitor.arrives(phone=PHONE))
    gil = people.account("river-gil")
    assert gil is not None
    stranger = browser()
    stranger.arrives("someone-else", phone=STRANGER)  # never agrees to anything
    for number in (PHONE, STRANGER, "not a phone " + PHONE):
        browser().sends("/log-in/", phone=number)
    with bulk_transaction() as cursor:
        fields = {"name": NAME, "email": EMAIL, "address": ADDRESS, "id_number": ID_NUMBER}
        people.vault.store(cursor, gil.subject_id, fields)
    return gil


def is_looked_at(gil: people.AccountEntry) -> None:
    desk = sit_down("wang", "operator")
    desk.reads("find/", q=PHONE)
    asked = {"purpose": "support", "reason": "She called.", "field": ["name", "phone"]}
    shown = desk.sends(f"accounts/{gil.handle}/show/", asked)  # type: ignore[arg-type]
    assert NAME in shown.text


def is_reported() -> None:
    """A partner sends more than it should, and a batch that is wrong."""
    bikes = Partner("bikes")
    add_key(partner("bikes").id, bikes.key.public)
    told = event("good")
    told["data"] |= {"rider": {"name": NAME, "phone": PHONE}, "home": ADDRESS}
    assert bikes.post("/v1/events:batch", batch(told | {"note": NAME})).status == 200
    wrong = event("bad", subject=NAME, time=f"when {NAME} called from {PHONE}")
    wrong["data"]["scene"] = ADDRESS
    bikes.post("/v1/events:batch", batch(wrong))
    bikes.post("/v1/events:batch", f'[{{"subject": "{NAME}", "phone": {PHONE}'.encode())
    drain()


def dumped(database: Database) -> Iterator[tuple[str, bytes]]:
    """Every table as COPY writes it; every column of bytes raw, and unpacked where it is packed."""
    with database.connect("owner") as owner:
        tables = owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind = 'r' order by 1"
        ).fetchall()
        for (table,) in tables:
            with owner.cursor().copy(f"copy {table} to stdout") as copy:  # type: ignore[arg-type]
                yield table, b"".join(bytes(part) for part in copy)
        columns = owner.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type = 'bytea'"
        ).fetchall()
        for table, column in columns:
            query = f"select {column} from {table} where {column} is not null"
            for (raw,) in owner.execute(query.encode()):
                yield f"{table}.{column}", bytes(raw)
                try:
                    yield f"{table}.{column}, unpacked", zlib.decompress(bytes(raw))
                except zlib.error:
                    continue


def spellings(canary: str) -> set[bytes]:
    """How bytes may hold a text."""
    escaped = json.dumps(canary)[1:-1].encode()
    return {canary.encode(), canary.encode().hex().encode(), escaped, canary.encode("utf-16-le")}


def test_a_stolen_dump_names_nobody(database: Database) -> None:
    gil = lives()
    is_looked_at(gil)
    is_reported()
    places = {
        (canary, place)
        for place, content in dumped(database)
        for canary in CANARIES
        if any(form in content for form in spellings(canary))
    }
    assert places == set()
    with bulk_transaction() as cursor:  # and yet it is all there
        kept = people.vault.own(cursor, gil.subject_id)
    assert (kept["name"], kept["phone"]) == (NAME, f"+86{PHONE}")


def test_the_dump_would_show_a_planted_name(database: Database) -> None:
    gil = lives()
    with database.connect("owner") as owner:
        owner.execute("update account set handle = %s where id = %s", [NAME, gil.id])
        owner.execute(
            "update personal_field set sealed = %s", [zlib.compress(f"({PHONE})".encode())]
        )
    places = {
        (place, canary)
        for place, content in dumped(database)
        for canary in (NAME, PHONE)
        if any(form in content for form in spellings(canary))
    }
    assert places == {("account", NAME), ("personal_field.sealed, unpacked", PHONE)}


def test_no_log_line_names_anybody_whatever_comes(heard: io.StringIO) -> None:
    gil = lives()
    is_looked_at(gil)
    is_reported()
    log_in = {"username": NAME, "password": PASSWORD_TYPED}
    Client(SERVER_NAME="localhost").post("/console/login/", log_in)
    browser().sends("/log-in/", phone=f"{NAME} {ID_NUMBER}")
    browser().opens(f"/me/{PHONE}/", phone=PHONE)
    browser().opens(f"/enter/?phone={PHONE}&name={NAME}")
    assert "Answered." in heard.getvalue()
    assert names_nobody(heard.getvalue())


def test_a_crash_in_the_middle_of_a_request_names_nobody(
    heard: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tanzhang.surfaces.citizen.views import log_in

    def crash(phone: str, address: str) -> None:
        whose, number = NAME, phone
        raise ValueError(f"{whose} cannot be reached at {number}")

    monkeypatch.setattr(log_in, "ask_code", crash)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    answer = client.post(f"/log-in/?of={PHONE}", {"phone": PHONE})
    assert answer.status_code == 500
    assert "ValueError" in heard.getvalue()
    assert names_nobody(heard.getvalue())
    assert names_nobody(answer.content.decode())


def test_a_row_that_the_database_refuses_names_nobody(heard: io.StringIO) -> None:
    log = logging.getLogger("tanzhang.people")
    try:
        with bulk_transaction() as cursor:
            cursor.execute("insert into account (handle) values (%s)", [f"{NAME} {PHONE}"])
    except Exception:
        log.exception("An account could not be opened.")
    assert "NotNullViolation" in heard.getvalue() or "IntegrityError" in heard.getvalue()
    assert names_nobody(heard.getvalue())


def test_a_process_of_the_server_that_ends_by_a_fault_names_nobody() -> None:
    program = (
        "from tanzhang.config import setup; setup()\n"
        "import threading\n"
        f"def fall(): raise ValueError('{NAME} {PHONE}')\n"
        "thread = threading.Thread(target=fall); thread.start(); thread.join()\n"
        "fall()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"TANZHANG_PROCESS": "web-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["message"] for line in lines] == ["This process ends by a fault."] * 2
    assert {line["error"] for line in lines} == {"ValueError"}
    assert names_nobody(done.stdout + done.stderr)
