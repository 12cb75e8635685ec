"""A source by SFTP: a folder of files on a server whose key is known beforehand."""

from __future__ import annotations

import base64
import binascii
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import paramiko

from tanzhang.problems import Problem
from tanzhang.workbench.pulling.remote import Listed, copy, unreachable
from tanzhang.workbench.pulling.settings import Source

_SECONDS: Final = 20.0
_AT_ONCE: Final = 2**20


class SftpRemote:
    """A folder of the server."""

    def __init__(self, source: Source, client: paramiko.SFTPClient) -> None:
        self._source, self._client = source, client
        self._folder = unquote(source.place.path) or "."

    def listed(self) -> list[Listed]:
        """The plain files whose names fit the source's pattern."""
        try:
            found = self._client.listdir_attr(self._folder)
        except (OSError, paramiko.SSHException) as error:
            raise unreachable(self._source, error) from error
        plain = (entry for entry in found if stat.S_ISREG(entry.st_mode or 0))
        files = [
            Listed(entry.filename, f"{entry.st_size}-{entry.st_mtime}")
            for entry in plain
            if fnmatchcase(entry.filename, self._source.files)
        ]
        return sorted(files, key=lambda file: file.name)

    def fetch(self, file: Listed, to: Path) -> None:
        """Copy it."""
        try:
            with (
                self._client.open(posixpath.join(self._folder, file.name), "rb") as remote,
                to.open("wb") as out,
            ):
                remote.prefetch()
                copy(self._source, iter(lambda: remote.read(_AT_ONCE), b""), out)
        except (OSError, paramiko.SSHException) as error:
            raise unreachable(self._source, error) from error


@contextmanager
def opened(source: Source) -> Iterator[SftpRemote]:
    """A session with the server that has exactly the key that the source names."""
    client = paramiko.SSHClient()
    name, key = _host_key(source)
    host, port = str(source.place.hostname), source.port
    known = host if port == 22 else f"[{host}]:{port}"
    client.get_host_keys().add(known, name, key)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    password = source.password_file.read_text("utf-8").strip() if source.password_file else None
    try:
        client.connect(
            host,
            port,
            username=source.place.username,
            password=password,
            key_filename=str(source.key_file) if source.key_file else None,
            allow_agent=False,
            look_for_keys=False,
            timeout=_SECONDS,
            banner_timeout=_SECONDS,
            auth_timeout=_SECONDS,
        )
        with client.open_sftp() as session:
            yield SftpRemote(source, session)
    except (OSError, paramiko.SSHException) as error:
        raise unreachable(source, error) from error
    finally:
        client.close()


def _host_key(source: Source) -> tuple[str, paramiko.PKey]:
    """The server's key. Raises ``pulls.source_malformed``."""
    name, _, text = source.host_key.partition(" ")
    try:
        return name, paramiko.PKey.from_type_string(name, base64.b64decode(text, validate=True))
    except (binascii.Error, paramiko.SSHException, ValueError) as error:
        raise Problem("pulls.source_malformed", source=source.name, where="host_key") from error
