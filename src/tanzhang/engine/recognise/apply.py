"""A recogniser applied to transactions: reports of the acts among them, counts of all others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tanzhang.engine.mapping import apply
from tanzhang.engine.mapping.apply import NOTES_SCHEMA, REPORT_SCHEMA
from tanzhang.engine.packs import ProgrammeFile
from tanzhang.engine.recognise.codes import fits
from tanzhang.engine.recognise.spec import Recogniser
from tanzhang.engine.rules import Flags

#: Why a transaction created nothing.
NOT_COMPLETE, UNKNOWN_KIND, NOT_CONNECTED = "not_complete", "unknown_kind", "not_connected"
NOTHING = (NOT_COMPLETE, UNKNOWN_KIND, NOT_CONNECTED)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became of some transactions: acts, refused ones, and how many created nothing and why.

    ``report`` is for the door (``engine.mapping.apply.REPORT_SCHEMA`` and inputs); ``scenes`` and
    ``rules`` count its rows; ``not_connected`` counts what rules recognised for scenes that accept
    nothing yet. ``refused`` (NOTES_SCHEMA) are transactions that a rule recognised and that lack
    what an act needs. Of everything else only ``nothing`` remains, by reason.
    """

    report: pl.DataFrame
    refused: pl.DataFrame
    nothing: Mapping[str, int]
    scenes: Mapping[str, int]
    rules: Mapping[str, int]
    not_connected: Mapping[str, int]


def connected_scenes(programme: ProgrammeFile, recogniser: Recogniser) -> frozenset[str]:
    """The recogniser's scenes that accept acts of its partner, in any version of the programme."""
    return frozenset(
        scene.id
        for scenes in programme.scenes.values()
        for scene in scenes.values()
        if scene.id in recogniser.scenes
        and scene.connected
        and recogniser.partner in scene.partners
    )


def recognise(
    recogniser: Recogniser, connected: Collection[str], table: pl.DataFrame, rows: pl.Series
) -> Recognised:
    """Recognise the acts of ``connected`` scenes in ``table`` (texts; ``rows``: their places).

    No row raises, and none is lost: the lengths of ``report`` and ``refused`` and the counts of
    ``nothing`` sum up to the rows of ``table``.
    """
    tidy = table.select(pl.all().str.strip_chars().replace("", None))
    complete = fits(recogniser.complete, tidy)
    back = np.zeros(len(tidy), np.bool_)
    if recogniser.reversed is not None:
        back = fits(recogniser.reversed, tidy)
    reports = [pl.DataFrame(schema=REPORT_SCHEMA)]
    refused = [pl.DataFrame(schema=NOTES_SCHEMA)]
    known = np.zeros(len(tidy), np.bool_)
    by_rule: dict[str, int] = {}
    by_scene = dict.fromkeys((s for s in recogniser.scenes if s in connected), 0)
    waiting = dict.fromkeys((s for s in recogniser.scenes if s not in connected), 0)
    for rule in recogniser.rules:
        mine = fits(rule.when, tidy) & complete
        if rule.take_back is None:
            mine &= ~back
        known |= mine
        if rule.scene not in connected:
            waiting[rule.scene] += int(mine.sum())
            continue
        by_rule[rule.id] = 0
        for mask, mapping in ((mine & ~back, rule.act), (mine & back, rule.take_back)):
            if mapping is None or not mask.any():
                continue
            mapped = apply(mapping, tidy.filter(mask), rows.filter(pl.Series(mask)))
            report = _taken_back(mapped.report) if mapping is rule.take_back else mapped.report
            reports.append(report)
            refused.append(mapped.refused)
            by_rule[rule.id] += len(report)
            by_scene[rule.scene] += len(report)
    return Recognised(
        report=pl.concat(reports, how="diagonal").sort("row"),
        refused=pl.concat(refused).sort("row"),
        nothing=_nothing(complete, known, sum(waiting.values())),
        scenes=by_scene,
        rules=by_rule,
        not_connected=waiting,
    )


def _taken_back(report: pl.DataFrame) -> pl.DataFrame:
    """The acts that reversals name, withdrawn: their second revision, whenever it comes."""
    return report.with_columns(
        withdrawn=pl.lit(True), revision=pl.lit(1, dtype=REPORT_SCHEMA["revision"])
    )


def _nothing(complete: Flags, known: Flags, not_connected: int) -> dict[str, int]:
    counts = {
        NOT_COMPLETE: int((~complete).sum()),
        UNKNOWN_KIND: int((complete & ~known).sum()),
        NOT_CONNECTED: not_connected,
    }
    return {reason: count for reason, count in counts.items() if count}
