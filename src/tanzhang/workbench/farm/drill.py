"""One drill in this installation (``python -m tanzhang.workbench.farm.drill SEED SIZE HOW``).

HOW is ``guarded`` or ``unguarded``: then no scene is judged, and the cheats are alone. The
installation that ``TANZHANG_HOME`` names must be empty; prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Play and print."""
    from tanzhang.config import migrate, setup
    from tanzhang.config.kind import admit_fictitious_people

    seed, honest = (int(text) for text in sys.argv[1:3])
    setup()
    migrate.migrate()
    admit_fictitious_people()
    from tanzhang.workbench.farm.measuring import measure
    from tanzhang.workbench.farm.playing import play

    began = time.monotonic()
    guarded = sys.argv[3] == "guarded"
    figures = measure(play(seed, honest, guarded=guarded))
    seconds = round(time.monotonic() - began, 1)
    told = {"seed": seed, "size": honest, "seconds": seconds} | figures
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
