"""Open somebody's file safely, in bounded pieces: CSV, gzipped CSV, JSON Lines, Parquet."""

from tanzhang.workbench.files.chunks import Chunk, Limits
from tanzhang.workbench.files.opened import OpenFile, open_file

__all__ = ["Chunk", "Limits", "OpenFile", "open_file"]
