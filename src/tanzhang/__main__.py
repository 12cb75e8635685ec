"""``python -m tanzhang`` is the command ``tanzhang``."""

from __future__ import annotations

from tanzhang.surfaces.cli import main

if __name__ == "__main__":
    main()
