"""Which columns of a file a mapping reads."""

from __future__ import annotations

from collections.abc import Iterator

from tanzhang.engine.mapping.spec import (
    Choice,
    Combined,
    Condition,
    Empty,
    FieldMapping,
    GreatCircle,
    Moment,
    Number,
    OneOf,
    Outside,
    Same,
)


def columns_of(mapping: FieldMapping) -> tuple[str, ...]:
    """Every column that the mapping names, once, in the order of first mention."""
    return tuple(dict.fromkeys(_named(mapping)))


def _named(mapping: FieldMapping) -> Iterator[str]:
    optional = (
        mapping.external_id.column,
        mapping.person.column,
        mapping.item_key,
        mapping.revision,
        mapping.withdrawn.column if mapping.withdrawn else None,
    )
    yield from (column for column in optional if column is not None)
    yield from mapping.external_id.digest or ()
    yield from mapping.person.hashed
    sources = (mapping.scene, mapping.started, mapping.ended, mapping.grade)
    measured = (*mapping.inputs, *mapping.signals)
    for source in (*sources, *(rule.source for rule in measured)):
        yield from _of_source(source)
    yield from mapping.tokens.values()
    for named in mapping.rules:
        yield from _of_condition(named.when)


def _of_source(source: Choice | Moment | Number | GreatCircle | None) -> Iterator[str]:
    match source:
        case Choice(column=str(column)) | Number(column=column):
            yield column
        case Moment(columns=columns):
            yield from columns
        case GreatCircle(start=start, end=end):
            yield from (*start, *end)


def _of_condition(condition: Condition) -> Iterator[str]:
    match condition:
        case Same(left, right):
            yield from (left, right)
        case Empty(column) | OneOf(column=column) | Outside(column=column):
            yield column
        case Combined(parts=parts):
            for part in parts:
                yield from _of_condition(part)
