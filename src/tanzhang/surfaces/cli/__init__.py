"""The command ``tanzhang``.

``main`` is what the shell calls. It runs one command and turns every refusal into plain words in
the reader's language, or into JSON, and into a documented exit code (``docs/reference/cli.md``).
"""

from __future__ import annotations

import sys

from tanzhang.config.processes import lifeline
from tanzhang.surfaces.cli.refusals import REFUSED, refusal_of, show
from tanzhang.surfaces.cli.root import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    lifeline.hold_on()
    try:
        app(prog_name="tanzhang")
    except Exception as error:
        problem = refusal_of(error)
        if problem is None:
            raise  # a fault of ours: the trace is what its finder should send us
        show(problem, sys.argv[1:])
        sys.exit(REFUSED)
