"""Names that rows do not carry themselves: digests of content, and made-up people.

Both are SM3 (GB/T 32905-2016) over one canonical text: for every column that holds a value, in a
stated order, the netstrings (``length:bytes,``) of its name and of its value. Empty columns say
nothing, so that a file that gains an empty column keeps its digests, and no value can pretend to be
two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from tanzhang.engine.mapping.faults import Fault, Parsed, flags
from tanzhang.engine.mapping.spec import ExternalId, Person

LONGEST_NAME_BYTES = 200


def canonical_texts(table: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The canonical text of each row over ``columns``; empty where none holds a value."""
    parts = []
    for place, column in enumerate(columns):
        name = f"{len(column.encode())}:{column},"
        value = pl.col(f"v{place}")
        size = value.str.len_bytes().cast(pl.String)
        parts.append(pl.concat_str(pl.lit(name), size, pl.lit(":"), value, pl.lit(",")))
    plain = pl.DataFrame([table[name].alias(f"v{n}") for n, name in enumerate(columns)])
    return plain.select(pl.concat_str(parts, ignore_nulls=True).alias("text"))["text"]


def sm3_hex(text: str) -> str:
    """SM3 of a text's UTF-8 bytes, 64 hexadecimal digits."""
    return hashlib.new("sm3", text.encode()).hexdigest()


def external_ids(table: pl.DataFrame, rule: ExternalId) -> Parsed:
    """The partner's id of each row's event.

    A digest makes two rows with the same content one event: the second is a repeat of the first.
    """
    if rule.column is not None:
        return _names(table[rule.column], rule.column, "external_id")
    columns = rule.digest or sorted(table.columns)
    texts = canonical_texts(table, columns)
    return Parsed(pl.Series([sm3_hex(text) for text in texts], dtype=pl.String))


def people(table: pl.DataFrame, rule: Person) -> Parsed:
    """The partner's own reference for each row's person.

    A hashed person is number (first 8 bytes of SM3, big-endian) mod ``modulo``; a row whose hashed
    columns are all empty has nobody (``missing_person``).
    """
    if rule.column is not None:
        parsed = _names(table[rule.column], rule.column, "person")
        named = pl.select(pl.lit(rule.prefix) + parsed.values).to_series()
        return Parsed(named, parsed.faults)
    texts = canonical_texts(table, rule.hashed)
    unique = texts.unique()
    numbers = [int(sm3_hex(text)[:16], 16) % rule.modulo for text in unique]
    digits = len(str(rule.modulo - 1))
    names = pl.Series([f"{rule.prefix}{number:0{digits}d}" for number in numbers], dtype=pl.String)
    values = texts.replace_strict(unique, names, return_dtype=pl.String)
    column = ", ".join(rule.hashed)
    return Parsed(values, (Fault(flags(texts == ""), "missing_person", column),))


def item_keys(table: pl.DataFrame, column: str) -> Parsed:
    """The plain id of the shared thing; null where the column is empty."""
    texts = table[column]
    return Parsed(texts, (_too_long(texts, column, "item_key"),))


def _names(texts: pl.Series, column: str, what: str) -> Parsed:
    nameless = Fault(flags(texts.is_null()), f"missing_{what}", column)
    return Parsed(texts, (nameless, _too_long(texts, column, what)))


def _too_long(texts: pl.Series, column: str, what: str) -> Fault:
    mask = flags(texts.str.len_bytes() > LONGEST_NAME_BYTES)
    return Fault(mask, f"{what}_too_long", column)
