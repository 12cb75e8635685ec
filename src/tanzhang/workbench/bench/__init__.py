"""Measurements, always as a ratio to a limit or a peer that is measured in the same run.

A rate alone says as much about the machine as about the code. So every suite measures two things
one after the other, and reports both:

- ``quantify``: a compiled pack against the same formula written by hand in NumPy int64;
- ``settle``: settlement of a whole book in one thread, against one sort and one running sum;
- ``post``: accepted pieces to durable outcomes, against binary COPY of the same rows;
- ``growth``: posting into a large book, against posting into a small one;
- ``pages``: what a citizen waits for her pages with a large book, against what she may wait;
- ``doors``: signed and sealed intake against plain intake, and how soon an act is seen;
- ``affected``: whom a key concerns in a large book, against what the answer may take;
- ``rollup``: what a team of ten thousand brought in a month, against what the sum may take.
"""

from __future__ import annotations

from tanzhang.workbench.bench.result import Result
from tanzhang.workbench.bench.suites import SUITES, run

__all__ = ["SUITES", "Result", "run"]
