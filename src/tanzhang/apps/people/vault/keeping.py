"""Putting personal fields away, and reading them: whole for the person, masked for the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg

from tanzhang.apps.people.access.models import ReaderKind
from tanzhang.apps.people.access.noting import note_access
from tanzhang.apps.people.erasure.meanwhile import stay
from tanzhang.apps.people.vault.boxes import bound_to, close_box, open_box
from tanzhang.apps.people.vault.declared import declared, field_named
from tanzhang.apps.people.vault.indexes import blind_index
from tanzhang.apps.people.vault.person_keys import installation_id, key_for_sealing, keys_of
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]


def store(cursor: Cursor, subject_id: int, fields: Mapping[str, str]) -> None:
    """Seal fields of a person in place of what was there; an empty text takes a field away.

    Raises ``personal.field_undeclared``, ``personal.key_destroyed``, and what ``Field.plain``
    raises.
    """
    plain = {name: field_named(name).plain(text) for name, text in fields.items()}
    kept = {name: text for name, text in plain.items() if text}
    stay(cursor, [subject_id])
    cursor.execute(
        "delete from personal_field where subject_id = %s and field = any(%s)",
        [subject_id, [name for name in plain if name not in kept]],
    )
    for name, text in sorted(kept.items()):
        index = blind_index(cursor, name, text) if field_named(name).is_found else None
        cursor.execute(
            "insert into personal_field (subject_id, field, sealed, index_key_id, blind_index)"
            " values (%s, %s, %s, %s, %s) on conflict (subject_id, field) do update"
            " set sealed = excluded.sealed, index_key_id = excluded.index_key_id,"
            " blind_index = excluded.blind_index, stored_at = now()",
            [
                subject_id,
                name,
                seal(cursor, subject_id, field_place(name), text.encode()),
                index and index.key_id,
                index and index.newest,
            ],
        )


def own(cursor: Cursor, subject_id: int, fields: Collection[str] | None = None) -> dict[str, str]:
    """A person's fields for herself (and for tasks that she asked for); all of them if not said."""
    return _read(cursor, [subject_id], fields).get(subject_id, {})


def masked(
    cursor: Cursor, subject_ids: Sequence[int], fields: Collection[str] | None = None
) -> dict[int, dict[str, str]]:
    """Fields of several people as everybody sees them who has given no reason to see more."""
    return {
        subject_id: {name: field_named(name).masked(text) for name, text in found.items()}
        for subject_id, found in _read(cursor, subject_ids, fields).items()
    }


def reveal(
    cursor: Cursor,
    subject_id: int,
    fields: Collection[str],
    *,
    reader: str,
    reason: str,
    reader_kind: str = ReaderKind.STAFF,
    purpose: str = "reveal",
) -> dict[str, str]:
    """A person's fields for somebody else, who says why; the reading is noted before it happens.

    ``reader`` and ``purpose`` are as ``note_access`` has them. Raises ``personal.reason_missing``.
    """
    if not reason.strip():
        raise Problem("personal.reason_missing")
    asked = [name for name in declared() if name in set(fields)]
    note_access(
        cursor,
        subject_id,
        reader_kind=reader_kind,
        reader=reader,
        purpose=purpose,
        fields=asked,
        reason=reason.strip(),
    )
    return own(cursor, subject_id, asked)


def seal(cursor: Cursor, subject_id: int, label: str, content: bytes) -> bytes:
    """A box under a person's key for a column of another table, bound to ``label``.

    The label names the place (``appeal|17``): the box opens there alone. It is destroyed with her
    key, for which erasing her waits. Raises ``personal.key_destroyed``.
    """
    stay(cursor, [subject_id])
    place = bound_to(installation_id(cursor), subject_id, label)
    return close_box(key_for_sealing(cursor, subject_id), content, place)


def unseal(cursor: Cursor, subject_id: int, label: str, box: bytes) -> bytes:
    """What ``seal`` put into a box. Raises ``personal.key_destroyed``, ``personal.box_broken``."""
    keys = keys_of(cursor, [subject_id])
    if not keys:
        raise Problem("personal.key_destroyed")
    place = bound_to(installation_id(cursor), subject_id, label)
    return open_box(keys[subject_id], box, place)


def field_place(name: str) -> str:
    """What a field's box is bound to, besides its person."""
    return f"field|{name}"


def _read(
    cursor: Cursor, subject_ids: Sequence[int], fields: Collection[str] | None
) -> dict[int, dict[str, str]]:
    """The plain fields of several people, in the order of their declaration."""
    wanted = list(declared()) if fields is None else [field_named(name).name for name in fields]
    keys, installation = keys_of(cursor, subject_ids), installation_id(cursor)
    cursor.execute(
        "select subject_id, field, sealed from personal_field"
        " where subject_id = any(%s) and field = any(%s)"
        " order by subject_id, array_position(%s::text[], field)",
        [list(keys), wanted, list(declared())],
    )
    found: dict[int, dict[str, str]] = {}
    for subject_id, name, sealed in cursor.fetchall():
        place = bound_to(installation, subject_id, field_place(name))
        text = open_box(keys[subject_id], bytes(sealed), place).decode()
        found.setdefault(subject_id, {})[name] = text
    return found
