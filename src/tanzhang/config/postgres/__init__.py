"""The embedded PostgreSQL: a real server that belongs to a data directory.

``start(home)`` gives the address of a running server, ``stop(home)`` stops it; both work from any
process, at any time, any number at once. The server outlives the process that started it. Only the
*binaries* come from a package; how they are run is told here, one subject a file:

- ``binaries``  where the programs are
- ``layout``    what lies where in the home directory, the socket included
- ``account``   which system user the server runs as (it refuses root)
- ``cluster``   a new data directory and its settings
- ``server``    is it alive, start, ready, stop
"""

from __future__ import annotations

from tanzhang.config.postgres.layout import Layout
from tanzhang.config.postgres.server import is_running, start, stop

__all__ = ["Layout", "is_running", "start", "stop"]
