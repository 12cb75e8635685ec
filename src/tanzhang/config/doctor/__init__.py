"""What an installation lacks, and what to do about it; starts nothing and changes nothing.

- ``finding``   one result of a check, in two languages
- ``machine``   fonts, browser, disk, clock
- ``site``      keys, settings, static files
- ``stored``    database, roles, migrations, catalogue, workers
- ``volumes``   numbers of people that the law has thresholds for
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tanzhang.config.doctor import machine, site, stored
from tanzhang.config.doctor.finding import Finding, Refused
from tanzhang.problems import Problem

__all__ = ["CHECKS", "Finding", "examine"]

#: In the order in which they are told: what others need comes first.
CHECKS: Final[Sequence[Callable[[], Iterator[Finding]]]] = (
    machine.disk,
    stored.database,
    machine.clock,
    site.keys,
    site.settings,
    site.static,
    machine.fonts,
    machine.browser,
)


def examine() -> list[Finding]:
    """Everything that was found; a refusal that several checks meet is told once."""
    findings: dict[str, Finding] = {}
    for check in CHECKS:
        try:
            for finding in check():
                findings[finding.code] = finding
        except Problem as problem:
            findings[problem.code] = Refused(problem)
    return list(findings.values())
