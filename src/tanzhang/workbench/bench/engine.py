"""The suites without a database, in one process and one thread (``python -m`` this module)."""

from __future__ import annotations

import json
import sys

from tanzhang.workbench.bench.quantify import quantify
from tanzhang.workbench.bench.settle import settle


def main() -> None:
    """Measure the suites named on the command line; print them as one JSON object."""
    quick = "quick" in sys.argv
    measured = [
        measure(quick)
        for name, measure in (("quantify", quantify), ("settle", settle))
        if name in sys.argv
    ]
    found = {
        one.name: {"value": one.value, "limit": one.limit, "details": one.details}
        for one in measured
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
