"""What is wrong in the files, with file and line; a run reports everything, not the first only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
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

    @contextmanager
    def at(self, place: Placed) -> Iterator[None]:
        """Records a Problem raised inside, at this place, and goes on after the block."""
        try:
            yield
        except Problem as problem:
            line = problem.details.get("line", place.line)  # the parser knows better
            self.found.append(Fault(problem, place.file, line))

    def sorted(self) -> list[Fault]:
        """By file, line and code."""
        return sorted(self.found, key=lambda fault: (str(fault.file), fault.line, fault.code))


class FaultyPacks(Problem):
    """The packs cannot be used; ``faults`` says everything that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("packs.faulty", count=len(faults), first=faults[0].text())
