"""What processes cost: CPU seconds of PostgreSQL, read from Linux's process table."""

from __future__ import annotations

import os
from pathlib import Path


def cpu_seconds(root: int) -> float:
    """CPU seconds of a process, of its live children, and of those that it has seen end."""
    ticks = _ticks(root, ended_children=True)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent(int(entry.name)) == root:
            ticks += _ticks(int(entry.name), ended_children=False)
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, see proc(5); none if the process has gone."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def _parent(process: int) -> int:
    fields = _fields(process)
    return int(fields[1]) if fields else 0


def _ticks(process: int, *, ended_children: bool) -> int:
    fields = _fields(process)
    wanted = fields[11:15] if ended_children else fields[11:13]
    return sum(int(value) for value in wanted)
