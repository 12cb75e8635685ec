"""Import a partner's file: map it, hand it to the door, say what became of every row."""

from tanzhang.workbench.importing.results import ResultWriter
from tanzhang.workbench.importing.run import Door, Tally, import_file

__all__ = ["Door", "ResultWriter", "Tally", "import_file"]
