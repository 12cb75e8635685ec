"""Breaks single places of a copy of the project and asks whether the tests notice.

    python mutation/run.py settle --sample 150 --seed 1

The mutants are cosmic-ray's. They are made in a temporary copy: the checkout is never touched, so
that others may work in it meanwhile. A sample of a seed is always the same. Annotations are left
out, since nothing evaluates them.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, WorkerOutcome, WorkItem, WorkResult
from report import told

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "tests", "packs", "pyproject.toml")

Span = tuple[tuple[int, int], tuple[int, int]]


def main() -> None:
    """Copy, make mutants, try a sample of them, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=sorted(path.stem for path in ROOT.glob("mutation/*.toml")))
    parser.add_argument("--sample", type=int, default=150, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tzm-") as folder:
        copy = Path(folder)
        copy.chmod(0o711)  # the tests' server may run as another user
        config = copied(copy, chosen.part)
        session = copy / "session.sqlite"
        run(copy, "init", config.name, session.name)
        with use_db(session, WorkDB.Mode.open) as work:
            leave_out(work, copy, chosen.sample, chosen.seed)
        run(copy, "--verbosity", "INFO", "baseline", config.name)
        run(copy, "exec", config.name, session.name)
        with use_db(session, WorkDB.Mode.open) as work:
            print(told(work, copy))  # noqa: T201


def copied(copy: Path, part: str) -> Path:
    """Copy what the tests need; the configuration, with this Python in it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    text = (ROOT / "mutation" / f"{part}.toml").read_text(encoding="utf-8")
    config = copy / "cosmic-ray.toml"
    config.write_text(text.replace("{python}", sys.executable), encoding="utf-8")
    return config


def run(copy: Path, *words: str) -> None:
    """A cosmic-ray command in the copy, whose sources come before those of the checkout."""
    # No bytecode: a mutant written within a second of its predecessor would pass for it.
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    tool = Path(sys.executable).with_name("cosmic-ray")
    subprocess.run([tool, *words], cwd=copy, env=environment, check=True)


def leave_out(work: WorkDB, copy: Path, sample: int, seed: int) -> None:
    """Mark mutants of annotations as skipped, then all that are not in the sample."""
    spans: dict[Path, list[Span]] = {}
    items = sorted(work.work_items, key=lambda item: place(item.mutations[0]))
    real = [item for item in items if not _annotates(item, copy, spans)]
    wanted = real if sample == 0 else random.Random(seed).sample(real, min(sample, len(real)))
    kept = {item.job_id for item in wanted}
    for item in items:
        if item.job_id not in kept:
            work.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    sys.stdout.write(f"{len(wanted)} of {len(real)} mutants\n")
    sys.stdout.flush()


def place(mutation: MutationSpec) -> tuple[str, str, int, str]:
    """Where a mutant stands among all, however the tool listed them."""
    arguments = repr(mutation.operator_args)
    return str(mutation.module_path), mutation.operator_name, mutation.occurrence, arguments


def _annotates(item: WorkItem, copy: Path, spans: dict[Path, list[Span]]) -> bool:
    mutation = item.mutations[0]
    path = copy / mutation.module_path
    if path not in spans:
        spans[path] = [*annotations(ast.parse(path.read_text(encoding="utf-8")))]
    return any(start <= mutation.start_pos <= end for start, end in spans[path])


def annotations(tree: ast.Module) -> Iterator[Span]:
    """Where annotations begin and end, as (line, column)."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            found = getattr(node, name, None)
            if isinstance(found, ast.expr) and found.end_lineno and found.end_col_offset:
                begin = (found.lineno, found.col_offset)
                yield begin, (found.end_lineno, found.end_col_offset)


if __name__ == "__main__":
    main()
