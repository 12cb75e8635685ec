"""Open somebody's file safely, in bounded pieces: CSV, gzipped CSV, JSON Lines, Parquet."""

from tanzhang.workbench.files.chunks import Chunk, Limits
from tanzhang.workbench.files.maps import load_map
from tanzhang.workbench.files.opened import OpenFile, open_file, open_table

__all__ = ["Chunk", "Limits", "OpenFile", "load_map", "open_file", "open_table"]
