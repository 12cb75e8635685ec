"""A source by HTTPS: a file a day, or a single one, known by its ETag or when it was modified."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from ssl import SSLContext, create_default_context

import httpx

from tanzhang.workbench.pulling.remote import Listed, copy, unreachable
from tanzhang.workbench.pulling.settings import Source


class HttpsRemote:
    """The files of some days, or the one file of a URL that names no day."""

    def __init__(self, source: Source, client: httpx.Client, urls: Mapping[str, str]) -> None:
        self._source, self._client, self._urls = source, client, urls

    def listed(self) -> list[Listed]:
        """The days' files, in their order; none where the server says that there is none yet."""
        found = []
        for name, url in self._urls.items():
            try:
                answer = self._client.head(url)
                if answer.status_code == httpx.codes.NOT_FOUND:
                    continue
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise unreachable(self._source, error) from error
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified", "")
            if not version and self._source.is_daily:
                version = "a day's"  # nobody can tell whether it changed
            found.append(Listed(name, version))
        return found

    def fetch(self, file: Listed, to: Path) -> None:
        """Copy it."""
        try:
            with (
                self._client.stream("GET", self._urls[file.name]) as answer,
                to.open("wb") as out,
            ):
                answer.raise_for_status()
                copy(self._source, answer.iter_raw(), out)
        except httpx.HTTPError as error:
            raise unreachable(self._source, error) from error


@contextmanager
def opened(source: Source, days: Sequence[date]) -> Iterator[HttpsRemote]:
    """A connection that follows no redirects, and no proxy of the environment."""
    password = source.password_file.read_text("utf-8").strip() if source.password_file else None
    with httpx.Client(
        verify=_trust(source),
        trust_env=False,
        timeout=httpx.Timeout(60.0, connect=10.0),
        auth=(source.place.username or "", password) if password else None,
        headers={"Accept-Encoding": "identity"},
    ) as client:
        yield HttpsRemote(source, client, _urls(source, days))


def _urls(source: Source, days: Sequence[date]) -> dict[str, str]:
    """Each file's URL by a name that is its own: the day stands in it, if in the URL at all."""
    whole, host = source.place.netloc, source.place.netloc.rpartition("@")[2]
    urls = {}
    for day in days if source.is_daily else days[-1:]:
        url = source.url_of(day).replace(whole, host, 1)
        name = posixpath.basename(httpx.URL(url).path) or "file"
        if source.is_daily and day.isoformat() not in name:
            name = f"{day.isoformat()}-{name}"
        urls[name] = url
    return urls


def _trust(source: Source) -> SSLContext:
    return create_default_context(cafile=str(source.ca_file) if source.ca_file else None)
