"""What lies where in the home directory.

::

    var/                     TANZHANG_HOME
      postgres/              the data directory, 0700, owned by whoever runs the server
      postgres.log           what the server says
      socket/                its Unix socket, 0700
      socket-directory       only if the path of socket/ is too long: where the socket is instead
      start.lock             held while somebody starts or stops the server
      server.lock            held by the server itself, as long as one of its processes lives
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

#: The kernel keeps a socket's path in 108 bytes with the closing zero; macOS in 104.
LONGEST_SOCKET_PATH_BYTES = 103
PORT = 5432


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below one home directory, which need not exist yet."""

    home: Path

    @classmethod
    def of(cls, home: Path) -> Layout:
        return cls(home.expanduser().resolve())

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def start_lock(self) -> Path:
        return self.home / "start.lock"

    @property
    def server_lock(self) -> Path:
        return self.home / "server.lock"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_pointer(self) -> Path:
        return self.home / "socket-directory"

    def make_home(self) -> None:
        """Make the home directory: others may pass through it, not look into it.

        An existing directory is left as it is, and so is every parent.
        """
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)

    def socket_directory(self) -> Path:
        """Where the socket is once the server runs."""
        if self.socket_pointer.is_file():
            return Path(self.socket_pointer.read_text(encoding="utf-8"))
        return self.home / "socket"

    def make_socket_directory(self) -> Path:
        """The socket's directory, made if need be, with access for its owner alone.

        A home too deep for a socket gets a short directory with an unguessable name under the
        temporary folder; the pointer file remembers it. The caller holds ``start.lock``.
        """
        if fits(self.home / "socket"):
            self.socket_pointer.unlink(missing_ok=True)  # the home was moved from a deeper place
            (self.home / "socket").mkdir(mode=0o700, exist_ok=True)
        elif not self.socket_pointer.is_file() or not self.socket_directory().is_dir():
            temporary = Path(tempfile.gettempdir())
            base = temporary if fits(temporary / "tanzhang-12345678") else Path("/tmp")  # noqa: S108 - a folder of our own below it, closed to others
            made = tempfile.mkdtemp(prefix="tanzhang-", dir=base)
            self.socket_pointer.write_text(made, encoding="utf-8")
        return self.socket_directory()


def fits(directory: Path) -> bool:
    """Whether a socket in this directory has a path that the kernel takes."""
    return len(bytes(directory / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH_BYTES
