"""Grams of a whole file by one pack: no programme, no accounts, no database.

Each act is judged and calculated by settlement itself, but by the pack's rules for single acts
alone: nothing is a duplicate of anything and no limit applies. What is refused is what the pack
refuses of any act (a missing input, a violated bound, a zero divisor). A look-back reads the
other acts of the same person in the file, which is therefore held in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from tanzhang.engine.acts import Acts, Reason, State
from tanzhang.engine.mapping import FieldMapping, Mapped, apply
from tanzhang.engine.packs import CompiledPack, PackLibrary
from tanzhang.engine.rules import (
    FOR_EVER,
    INPUT_SLOTS,
    Ints,
    PackVersion,
    Programme,
    ProgrammeVersion,
    Rulebook,
)
from tanzhang.engine.settle import settle
from tanzhang.engine.settle.eligibility import bounds_of
from tanzhang.problems import Problem
from tanzhang.workbench.files import Chunk, OpenFile

#: One line for each row of the file; ``reduction_mg`` is null where ``code`` says why.
QUANTIFIED_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "external_id": pl.String,
    "reduction_mg": pl.Int64,
    "code": pl.String,
    "column": pl.String,
}

_EVER = -(2**31)


def editions_named(library: PackLibrary, name: str) -> tuple[PackVersion, ...]:
    """The rules of ``id`` over all its versions, or of ``id@version`` alone.

    Raises Problem ``packs.pack_unknown`` or ``packs.version_unknown``.
    """
    asked = library.find(name)
    editions: Sequence[CompiledPack] = library.packs[asked.id]
    if "@" in name:
        editions = [e for e in editions if e.definition.version == asked.definition.version]
    return tuple(edition.rules for edition in editions)


def quantify_file(
    file: OpenFile, mapping: FieldMapping, editions: tuple[PackVersion, ...]
) -> Iterator[tuple[pl.DataFrame, float]]:
    """Each row's milligrams or why it has none (QUANTIFIED_SCHEMA), and the share done so far.

    Raises Problem ``imports.input_unmapped`` where the mapping lacks an input that the pack needs.
    """
    mapped_inputs = {rule.name for rule in mapping.inputs}
    for declared in editions[-1].inputs:
        if declared.required and declared.name not in mapped_inputs:
            raise Problem("imports.input_unmapped", input=declared.name, pack=editions[-1].pack)
    rulebook = _rulebook(editions, mapping.file.time_zone)
    chunks = ((chunk, apply(mapping, chunk.table, chunk.rows)) for chunk in file.chunks())
    if any(edition.look_backs for edition in editions):
        together = list(chunks)
        if not together:
            return
        sound = pl.concat([_sound(mapped) for _, mapped in together])
        parts = [part for chunk, mapped in together for part in _without_grams(chunk, mapped)]
        yield _sorted([*parts, _quantified(sound, rulebook)]), 1.0
        return
    for chunk, mapped in chunks:
        grams = _quantified(_sound(mapped), rulebook)
        yield _sorted([*_without_grams(chunk, mapped), grams]), chunk.done


def _sound(mapped: Mapped) -> pl.DataFrame:
    """The acts that have a quantity."""
    return mapped.report.filter(~pl.col("held") & ~pl.col("withdrawn"))


def _without_grams(chunk: Chunk, mapped: Mapped) -> list[pl.DataFrame]:
    """The rows that have none, and why."""
    taken_back = mapped.report.filter(pl.col("withdrawn"))
    return [
        chunk.flawed.select("row", "code"),
        mapped.refused,
        mapped.held,
        taken_back.select("row", "external_id", code=pl.lit("withdrawn")),
    ]


def _sorted(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([_complete(part) for part in parts]).sort("row")


def _quantified(report: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    (versions,) = rulebook.packs.values()
    outcomes = settle(_acts(report, versions[0]), rulebook)
    names = _names(versions)
    why = zip(outcomes.version.tolist(), outcomes.reason.tolist(), strict=True)
    codes = pl.Series("code", [names[known] for known in why], dtype=pl.String)
    mg = pl.Series("reduction_mg", outcomes.gross_mg).set(codes.is_not_null(), None)
    return report.select("row", "external_id").with_columns(mg, codes)


def _names(versions: tuple[PackVersion, ...]) -> dict[tuple[int, int], str | None]:
    """(version or -1, reason) -> code; a bound's code is its name."""
    names: dict[tuple[int, int], str | None] = {}
    for number in range(-1, len(versions)):
        names |= {(number, int(reason)): reason.name.lower() for reason in Reason}
        names[number, int(Reason.NONE)] = None
    for number, version in enumerate(versions):
        for place, bound in enumerate(bounds_of(version)):
            names[number, Reason.BOUND + place] = bound.name
    return names


def _rulebook(editions: tuple[PackVersion, ...], time_zone: str) -> Rulebook:
    """The pack alone, without conflicts and limits, in a programme that has always been there."""
    alone = tuple(replace(edition, conflict_class=None, limits=()) for edition in editions)
    always = ProgrammeVersion("always", _EVER, FOR_EVER, {})
    programme = Programme("quantify", time_zone, (always,))
    return Rulebook({editions[0].pack: alone}, {programme.id: programme})


def _acts(report: pl.DataFrame, version: PackVersion) -> Acts:
    """The report's rows as facts of one programme and one pack; an account for each person."""
    length = len(report)
    nothing = np.zeros(length, np.int64)
    inputs = np.zeros((length, INPUT_SLOTS), np.int64)
    given = np.zeros((length, INPUT_SLOTS), np.bool_)
    for slot, declared in enumerate(version.inputs):
        if f"in_{declared.name}" in report.columns:
            column = report[f"in_{declared.name}"]
            inputs[:, slot] = column.fill_null(0).to_numpy()
            given[:, slot] = column.is_not_null().to_numpy()
    return Acts(
        subject=_numbered(report["person"]),
        account=_numbered(report["person"]),
        key=np.arange(length, dtype=np.int64),
        programme=nothing,
        pack=nothing,
        scene=nothing,
        started_us=report["started_us"].to_numpy(),
        ended_us=report["ended_us"].to_numpy(),
        grade=report["grade"].to_numpy().astype(np.int64),
        item=_numbered(report["item_key"]),
        state=np.full(length, int(State.LIVE), np.int64),
        consent=np.ones(length, np.bool_),
        joined_day=np.full(length, _EVER, np.int64),
        inputs=inputs,
        given=given,
    )


def _numbered(texts: pl.Series) -> Ints:
    """Numbers from 1 that are equal where the texts are; 0 for none."""
    ranks = texts.rank("dense").cast(pl.Int64).fill_null(0)
    return ranks.to_numpy()


def _complete(part: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in QUANTIFIED_SCHEMA if name not in part.columns]
    typed = (pl.col(name).cast(kind) for name, kind in QUANTIFIED_SCHEMA.items())
    return part.with_columns(absent).select(typed)
