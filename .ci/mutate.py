"""Break the code in small ways and see whether the tests notice ("make mutate").

Each mutant changes one operator, number or condition. A mutant that no test kills is a gap in the
tests or a change without meaning; the report lists it so that somebody decides. Works on copies of
the checkout, one for each process; the checkout itself is never touched.

    make mutate                               a sample of every area
    make mutate ARGS="settle --sample 0"      every mutant of one area (hours)
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_and_test, mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.testing import TestOutcome
from cosmic_ray.work_item import MutationSpec

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "mutation-report.txt"

#: What decides about an act and writes it: the door, posting, the writes of the ledger.
POSTING = [
    "src/tanzhang/apps/activities/posting",
    *(
        f"src/tanzhang/apps/activities/{module}.py"
        for module in ("door", "identity", "keys", "pieces", "persons", "digest", "log")
    ),
    *(f"src/tanzhang/apps/ledger/{module}.py" for module in ("books", "log")),
]
#: In the order in which they should notice: what is quick first, whole books last. Left out is
#: what only reads, and what breaks the code itself.
POSTING_TESTS = [
    *(
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests/apps/activities/posting").glob("test_*.py"))
        if path.name != "test_random_streams.py"
    ),
    "tests/broken/test_every_break_is_caught.py::test_whole_posting_is_noticed_by_nothing",
    "tests/apps/activities/posting/test_random_streams.py",
    *(f"tests/apps/activities/test_{module}.py" for module in ("keys", "identity", "door")),
    "tests/apps/activities/test_rules_change.py",
]
#: Area -> the files and folders whose code is broken, the tests that should notice.
AREAS = {
    "settle": (["src/tanzhang/engine/settle"], ["tests/engine/settle"]),
    "formula": (["src/tanzhang/engine/formula"], ["tests/engine/formula"]),
    "packs": (["src/tanzhang/engine/packs"], ["tests/engine/packs", "tests/packs"]),
    "log": (["src/tanzhang/engine/log"], ["tests/engine/log"]),
    "posting": (POSTING, POSTING_TESTS),
}
#: The changes that are tried, as in PIT's defaults: every operator by its opposite, every bound by
#: one more or less, every condition turned round. Trying each operator by all others as well would
#: add mutants that mean the same (``!=`` and ``>`` of sorted numbers) more than ones that differ.
KINDS = (
    *("ReplaceBinaryOperator_" + pair for pair in (
        "Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul", "Div_Mul", "Mod_Mul", "Pow_Mul",
        "BitAnd_BitOr", "BitOr_BitAnd", "BitXor_BitAnd", "LShift_RShift", "RShift_LShift",
    )),
    *("ReplaceComparisonOperator_" + pair for pair in (
        "Eq_NotEq", "NotEq_Eq", "Lt_GtE", "GtE_Lt", "LtE_Gt", "Gt_LtE", "Is_IsNot", "IsNot_Is",
        "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt",
    )),
    *("ReplaceUnaryOperator_Delete_" + sign for sign in ("Invert", "Not", "USub")),
    "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue", "NumberReplacer", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ZeroIterationForLoop", "ExceptionReplacer", "RemoveDecorator",
)  # fmt: skip

LEFT_OUT = (".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "mutation-report.txt")

#: A test that takes longer hangs, and the run ends: what never ends is noticed, too.
HANGS_SECONDS = 90
OPTIONS = (
    "-x -q -p no:cacheprovider -p no_shrinking -o faulthandler_exit_on_timeout=true"
    f" -o faulthandler_timeout={HANGS_SECONDS}"
)


class Verdict(NamedTuple):
    """What became of a mutant; ``by`` is the test that noticed."""

    mutant: MutationSpec
    outcome: TestOutcome
    diff: str
    by: str


def main() -> int:
    """Run the areas that were asked for; 1 if fewer than the wanted share was killed."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("areas", nargs="*", default=list(AREAS), metavar="AREA")
    asked.add_argument("--sample", type=int, default=100, help="mutants per area; 0: all")
    asked.add_argument("--seed", type=int, default=20260, help="which sample")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--wanted", type=int, default=85, help="per cent that must be killed")
    given = asked.parse_args()
    REPORT.write_text("", encoding="utf-8")
    verdicts = [v for area in given.areas for v in tried(area, given)]
    killed, judged = counts(verdicts)
    share = 100 * killed // max(1, judged)
    say(f"{killed} of {judged} mutants killed: {share} % (wanted: {given.wanted} %)")
    say(f"Survivors with their changes: {REPORT.name}")
    return int(share < given.wanted)


def tried(area: str, given: argparse.Namespace) -> list[Verdict]:
    """Every sampled mutant of an area with what became of it; survivors go into the report."""
    sources, tests = AREAS[area]
    paths = [path for source in sources for path in files_of(ROOT / source)]
    mutants = [m for path in paths if "migrations" not in path.parts for m in mutants_of(path)]
    if given.sample and given.sample < len(mutants):
        mutants = random.Random(given.seed).sample(mutants, given.sample)  # noqa: S311 - a sample that can be drawn again
    seconds = unbroken(tests)
    say(f"{area}: {len(mutants)} mutants, the unbroken tests take {seconds:.0f} s")
    work = [(mutant, command(mutant, tests), 3 * seconds + 20) for mutant in mutants]
    with ProcessPoolExecutor(given.workers, initializer=move_into_copy) as pool:
        verdicts = [told(area, verdict) for verdict in pool.map(judged, work)]
    shutil.rmtree(Path(tempfile.gettempdir()) / f"mutants-{os.getpid()}")
    say("{}: {} of {} killed".format(area, *counts(verdicts)))
    return verdicts


def files_of(source: Path, pattern: str = "*.py") -> list[Path]:
    """A file itself, or every one in a folder."""
    return sorted(source.rglob(pattern)) if source.is_dir() else [source]


def command(mutant: MutationSpec, tests: list[str]) -> str:
    """What tests a mutant: the test of the same name before all others."""
    paths = [p.relative_to(ROOT) for t in tests for p in files_of(ROOT / t, "test_*.py")]
    paths.sort(key=lambda path: path.name != f"test_{mutant.module_path.stem}.py")
    return f"{sys.executable} -m pytest {OPTIONS} {' '.join(map(str, paths))}"


def told(area: str, verdict: Verdict) -> Verdict:
    """Report a verdict as soon as it is known: a run that is cut short is worth its time."""
    mutant, outcome, diff, by = verdict
    kind = mutant.operator_name.removeprefix("core/")
    place = f"{mutant.module_path}:{mutant.start_pos[0]}:{mutant.start_pos[1]}"
    say(f"{time.strftime('%H:%M:%S')} {area}: {outcome.value} {place} {kind} {by}")
    if outcome is TestOutcome.SURVIVED:
        with REPORT.open("a", encoding="utf-8") as report:
            report.write(f"== {area}\n{diff}\n\n")
    return verdict


def counts(verdicts: list[Verdict]) -> tuple[int, int]:
    """How many mutants some test noticed, of how many that could be tried at all."""
    outcomes = [verdict.outcome for verdict in verdicts]
    killed, survived = (outcomes.count(o) for o in (TestOutcome.KILLED, TestOutcome.SURVIVED))
    return killed, killed + survived


def mutants_of(path: Path) -> Iterator[MutationSpec]:
    """What can be broken in a file, but for what only describes it."""
    described = list(descriptions(ast.parse(path.read_text(encoding="utf-8"))))
    for item in _all_work_items([path.relative_to(ROOT)], {}):
        (mutant,) = item.mutations
        begin, end = mutant.start_pos, mutant.end_pos
        if mutant.operator_name.removeprefix("core/") not in KINDS:
            continue
        if not any(first <= begin and end <= last for first, last in described):
            yield mutant


def descriptions(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations, names of types, dataclass options and assertions stand (line, column)."""
    parts: list[ast.AST | None] = []
    for node in ast.walk(tree):
        parts += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.ClassDef):
            parts += node.decorator_list
        if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: an assertion
            parts.append(node.value)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript):
            parts.append(node.value)
    for part in parts:
        if isinstance(part, ast.expr) and part.end_lineno and part.end_col_offset is not None:
            yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def unbroken(tests: list[str]) -> float:
    """Seconds that the tests of an area take; they must pass."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / ".ci")])
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS.split(), *tests],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths},
    )
    return time.monotonic() - started


def move_into_copy() -> None:
    """Give this process a checkout of its own to break."""
    copy = Path(tempfile.gettempdir()) / f"mutants-{os.getppid()}" / str(os.getpid())
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    os.chdir(copy)
    # Found before the installed checkout; and no compiled file may outlive its mutant.
    paths = os.pathsep.join([str(copy / "src"), str(copy / ".ci")])
    os.environ |= {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}


def judged(work: tuple[MutationSpec, str, float]) -> Verdict:
    """Break, test, mend. What is no Python any more is not worth a test and not counted."""
    mutant, tests, timeout = work
    if not is_python(mutant):
        return Verdict(mutant, TestOutcome.INCOMPETENT, "", "no Python")
    result = mutate_and_test([mutant], tests, timeout)
    outcome = result.test_outcome or TestOutcome.INCOMPETENT
    noticed = re.search(r"^(?:FAILED|ERROR) \S+", result.output or "", re.MULTILINE)
    by = noticed[0] if noticed else "no test ended" if outcome is TestOutcome.KILLED else ""
    return Verdict(mutant, outcome, result.diff or "", by)


def is_python(mutant: MutationSpec) -> bool:
    """Whether a mutant can be read: ``**`` before a mapping is taken for an operator, too."""
    operator = get_operator(mutant.operator_name)(**mutant.operator_args)
    source = mutant.module_path.read_text(encoding="utf-8")
    try:
        ast.parse(mutate_code(source, operator, mutant.occurrence) or "")
    except (SyntaxError, AttributeError):  # or one that cannot even be made
        return False
    return True


def say(line: str) -> None:
    """Tell the reader at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
