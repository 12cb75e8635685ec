"""A source by HTTPS: one file under one URL, known by its ETag or by when it was modified."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from ssl import SSLContext, create_default_context

import httpx

from tanzhang.workbench.pulling.remote import Listed, copy, unreachable
from tanzhang.workbench.pulling.settings import Source


class HttpsRemote:
    """The file of one day."""

    def __init__(self, source: Source, client: httpx.Client, url: str) -> None:
        self._source, self._client, self._url = source, client, url

    def listed(self) -> list[Listed]:
        """The day's file; nothing where the server says that there is none yet."""
        try:
            answer = self._client.head(self._url)
            if answer.status_code == httpx.codes.NOT_FOUND:
                return []
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise unreachable(self._source, error) from error
        version = answer.headers.get("ETag") or answer.headers.get("Last-Modified", "")
        return [Listed(posixpath.basename(httpx.URL(self._url).path) or "file", version)]

    def fetch(self, file: Listed, to: Path) -> None:
        """Copy it."""
        try:
            with self._client.stream("GET", self._url) as answer, to.open("wb") as out:
                answer.raise_for_status()
                copy(self._source, answer.iter_raw(), out)
        except httpx.HTTPError as error:
            raise unreachable(self._source, error) from error


@contextmanager
def opened(source: Source, day: date) -> Iterator[HttpsRemote]:
    """A connection that follows no redirects, and no proxy of the environment."""
    password = source.password_file.read_text("utf-8").strip() if source.password_file else None
    place = source.place
    with httpx.Client(
        verify=_trust(source),
        trust_env=False,
        timeout=httpx.Timeout(60.0, connect=10.0),
        auth=(place.username or "", password) if password else None,
        headers={"Accept-Encoding": "identity"},
    ) as client:
        host = place.netloc.rpartition("@")[2]
        url = source.url_of(day).replace(place.netloc, host, 1)
        yield HttpsRemote(source, client, url)


def _trust(source: Source) -> SSLContext:
    return create_default_context(cafile=str(source.ca_file) if source.ca_file else None)
