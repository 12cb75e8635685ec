"""Something personal that has to wait, in a session, until it is known whose it is."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import psycopg

from tanzhang.apps.people.vault.boxes import bound_to, close_box, open_box
from tanzhang.apps.people.vault.masters import newest_master, unwrapped
from tanzhang.apps.people.vault.person_keys import installation_id
from tanzhang.problems import Problem


def put_aside(cursor: psycopg.Cursor[Any], label: str, text: str) -> str:
    """A text that says nothing, to be kept for minutes; ``label`` says what it is for."""
    master = newest_master(cursor)
    place = bound_to(installation_id(cursor), "aside", master.id, label)
    box = close_box(master.key, text.encode(), place)
    return f"{master.id}.{base64.b64encode(box).decode('ascii')}"


def take_aside(cursor: psycopg.Cursor[Any], label: str, kept: str) -> str:
    """The text. Raises ``personal.box_broken`` for anything else than ``put_aside`` gave."""
    number, _, encoded = kept.partition(".")
    try:
        master_id, box = int(number), base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise Problem("personal.box_broken") from None
    cursor.execute("select key_id, wrapped from master_key where id = %s", [master_id])
    found = cursor.fetchone()
    if found is None:
        raise Problem("personal.box_broken")
    place = bound_to(installation_id(cursor), "aside", master_id, label)
    return open_box(unwrapped(found[0], bytes(found[1])), box, place).decode()
