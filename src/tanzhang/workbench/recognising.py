"""A host's file of transactions: the acts in it, and of everything else only how much there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tanzhang.engine.mapping.spec import FileFormat
from tanzhang.engine.packs import default_folder
from tanzhang.engine.recognise import Recognised, Recogniser, SceneScore, recognise, scores
from tanzhang.engine.recognise.read import RECOGNISER_FILE
from tanzhang.problems import Problem
from tanzhang.workbench.files import OpenFile, open_table

#: Put before the scene of a label: the transaction takes an act back.
TAKEN_BACK = "-"


@dataclass
class Findings:
    """Counts over a whole file; ``rows`` are ``recognised`` + refused + created nothing."""

    rows: int = 0
    recognised: int = 0
    scenes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    not_connected: Counter[str] = field(default_factory=Counter)
    nothing: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, part: Recognised, flawed: pl.DataFrame) -> None:
        """Count what was found in one chunk, and the rows that could not be read at all."""
        codes = [*part.refused["code"], *flawed["code"]]
        self.recognised += len(part.report)
        self.rows += len(part.report) + len(codes) + sum(part.nothing.values())
        self.refused.update(codes)
        for counter, counts in (
            (self.scenes, part.scenes),
            (self.rules, part.rules),
            (self.not_connected, part.not_connected),
            (self.nothing, part.nothing),
        ):
            counter.update(counts)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "recognised": self.recognised,
            "refused": self.refused.total(),
            "scenes": dict(self.scenes),
            "rules": dict(self.rules),
            "not_connected": dict(self.not_connected),
            "nothing": dict(self.nothing),
            "codes": dict(sorted(self.refused.items())),
        }


def rules_of(programme: str) -> Path:
    """Where the recogniser of a programme lies. Raises ``recognise.rules_missing``."""
    file = default_folder() / "programmes" / programme / RECOGNISER_FILE
    if not file.is_file():
        raise Problem("recognise.rules_missing", programme=programme, file=str(file))
    return file


def open_transactions(path: Path, recogniser: Recogniser, *more: str) -> OpenFile:
    """The host's file, with the columns that the rules read and ``more``."""
    written = FileFormat("csv", ",", "UTC", ambiguous="reject", missing="reject")
    return open_table(path, written, (*recogniser.columns, *more))


def recognise_file(
    file: OpenFile, recogniser: Recogniser, connected: Collection[str], findings: Findings
) -> Iterator[tuple[pl.DataFrame, float]]:
    """The reports of the acts in a file, chunk by chunk, and the share done; counts ``findings``.

    What is no act is gone with its chunk.
    """
    for chunk in file.chunks():
        found = recognise(recogniser, connected, chunk.table, chunk.rows)
        findings.add(found, chunk.flawed)
        yield found.report, chunk.done


def score_file(
    path: Path, recogniser: Recogniser, labels: str
) -> tuple[Findings, Mapping[str, SceneScore]]:
    """How well the rules do on a file whose column ``labels`` says what each transaction is.

    Scenes that are not connected are measured too. Raises ``recognise.label_unreadable``.
    """
    findings, expected, reports = Findings(), [], []
    with open_transactions(path, recogniser, labels) as file:
        for chunk in file.chunks():
            found = recognise(recogniser, recogniser.scenes, chunk.table, chunk.rows)
            findings.add(found, chunk.flawed)
            label = chunk.table[labels].str.strip_chars().replace("", None)
            expected.append(_expected(label, chunk.rows, recogniser, labels))
            reports.append(found.report.select("row", "scene", "withdrawn"))
    return findings, scores(pl.concat(expected), pl.concat(reports))


def _expected(
    label: pl.Series, rows: pl.Series, recogniser: Recogniser, column: str
) -> pl.DataFrame:
    scene = label.str.strip_prefix(TAKEN_BACK)
    for unknown in scene.drop_nulls().unique():
        if unknown not in recogniser.scenes:
            raise Problem("recognise.label_unreadable", column=column, value=unknown)
    withdrawn = label.str.starts_with(TAKEN_BACK)
    return pl.DataFrame({"row": rows, "scene": scene, "withdrawn": withdrawn})
