"""Fetch partners' own export files, by HTTPS or SFTP, and bring them to the same door."""

from tanzhang.workbench.pulling.running import Pulled, pull
from tanzhang.workbench.pulling.settings import Source, read_source, read_sources

__all__ = ["Pulled", "Source", "pull", "read_source", "read_sources"]
