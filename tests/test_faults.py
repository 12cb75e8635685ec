"""A fault point kills its own process at the passage that was asked for, and nothing otherwise."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import timeit
from pathlib import Path

import pytest

from tanzhang.faults import FAULT_POINTS, fault_point

POINT = "settle.before_commit"
OTHER = "settle.after_commit"


def passes(point: str, times: int, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process that passes a point some times, counting aloud."""
    program = (
        "import sys\nfrom tanzhang.faults import fault_point\n"
        "for number in range(int(sys.argv[2])):\n"
        "    print(number, flush=True)\n    fault_point(sys.argv[1])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, point, str(times)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(("wanted", "passed"), [(POINT, 1), (f"{POINT}:3", 3)])
def test_the_process_dies_at_the_passage_that_was_asked_for(
    tmp_path: Path, wanted: str, passed: int
) -> None:
    fired = tmp_path / "fired"
    done = passes(POINT, 5, {"TANZHANG_FAULT": wanted, "TANZHANG_FAULT_FIRED": str(fired)})
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == [str(number) for number in range(passed)]
    assert fired.exists()


def test_another_points_name_or_a_later_passage_kills_nobody(tmp_path: Path) -> None:
    fired = tmp_path / "fired"
    for wanted in (OTHER, f"{POINT}:6", ""):
        done = passes(POINT, 5, {"TANZHANG_FAULT": wanted, "TANZHANG_FAULT_FIRED": str(fired)})
        assert done.returncode == 0
    assert not fired.exists()


def test_a_name_that_is_not_in_the_table_is_an_error_even_when_all_is_off() -> None:
    with pytest.raises(KeyError):
        fault_point("settle.before_comit")


def test_asking_for_a_name_that_is_not_in_the_table_is_an_error() -> None:
    done = passes(POINT, 1, {"TANZHANG_FAULT": "settle.before_comit"})
    assert done.returncode == 1
    assert "is not in FAULT_POINTS" in done.stderr


def test_every_point_of_the_table_is_passed_at_one_place_in_the_source() -> None:
    source = Path(__file__).parents[1] / "src"
    text = "\n".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    passed = re.findall(r"(?<!``)fault_point\(\"([^\"]+)\"\)", text)
    assert sorted(passed) == sorted(FAULT_POINTS)


def test_passing_a_point_costs_next_to_nothing_when_all_is_off() -> None:
    seconds = min(timeit.repeat(lambda: fault_point(POINT), number=10_000, repeat=5))
    assert seconds < 0.1  # ten microseconds each on a slow machine; one or two on any other
