"""What is wrong in the files, with file and line; a run reports everything, not the first only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from tanzhang.problems import Problem


class Placed(Protocol):
    """Anything that knows the file and the line it was read from."""

    @property
    def file(self) -> Path: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; lines count from 1."""

    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem at one place."""

    problem: Problem
    file: Path
    line: int

    @property
    def code(self) -> str:
        return self.problem.code

    def text(self, lang: str = "en") -> str:
        """``file:line: code: what, why, what to do``."""
        return f"{self.file}:{self.line}: {self.code}: {self.problem.text(lang)}"


@dataclass
class Faults:
    """A growing list of faults."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: Placed, code: str, **details: Any) -> None:
        """Records one problem."""
        self.found.append(Fault(Problem(code, **details), place.file, place.line))

    def at(self, place: Placed) -> Recording:
        """``with faults.at(place):`` records a Problem raised inside and goes on after it."""
        return Recording(self, place)

    def sorted(self) -> list[Fault]:
        """By file, line and code."""
        return sorted(self.found, key=lambda fault: (str(fault.file), fault.line, fault.code))


@dataclass(frozen=True, slots=True)
class Recording:
    """Turns a Problem that leaves the block into a recorded fault."""

    faults: Faults
    place: Placed

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Problem):
            return False
        line = error.details.get("line", self.place.line)  # a parser knows better
        self.faults.found.append(Fault(error, self.place.file, line))
        return True


class FaultyPacks(Problem):
    """The packs cannot be used; ``faults`` says everything that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = faults[0]
        super().__init__(
            "packs.faulty",
            count=len(faults),
            first=first.code,
            file=str(first.file),
            line=first.line,
        )
