"""What became of the mutants: the share that was noticed, and every one that was not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkResult


def told(work: WorkDB, copy: Path) -> str:
    """The report as text."""
    specs = {item.job_id: item.mutations[0] for item in work.work_items}
    results = [(specs[job], result) for job, result in work.results if result.test_outcome]
    survivors = [
        (spec, result) for spec, result in results if result.test_outcome is TestOutcome.SURVIVED
    ]
    tried, noticed = len(results), len(results) - len(survivors)
    share = f"{noticed} of {tried} mutants noticed: {100 * noticed // max(tried, 1)} %"
    return "\n".join([*described(survivors), share])


def described(survivors: list[tuple[MutationSpec, WorkResult]]) -> Iterator[str]:
    """Each survivor: where, what kind, and the lines that it changed."""
    for spec, result in sorted(survivors, key=lambda found: _place(found[0])):
        operator = spec.operator_name.removeprefix("core/")
        yield f"{spec.module_path}:{spec.start_pos[0]} {operator}"
        changed = (result.diff or "").splitlines()
        yield from (
            f"    {line}" for line in changed if line[:1] in "+-" and line[:3] not in ("+++", "---")
        )


def _place(spec: MutationSpec) -> tuple[str, tuple[int, int]]:
    return str(spec.module_path), spec.start_pos
