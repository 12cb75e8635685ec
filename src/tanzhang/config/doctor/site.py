"""What the site needs besides the database: keys, settings, static files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from tanzhang.config import database, environment, serving, static_files, web
from tanzhang.config.doctor.finding import Finding, Found


def keys() -> Iterator[Finding]:
    """The key that signs sessions: readable by us and by nobody else."""
    file = database.home() / "secret-key"
    if environment.text("TANZHANG_SECRET_KEY"):
        yield Found("keys.given")
    elif not file.exists():
        yield Found("keys.unmade", {"file": str(file)})
    else:
        try:
            file.read_text(encoding="ascii")
        except OSError as error:
            yield Found("keys.unreadable", {"file": str(file), "said": error.strerror})
        else:
            open_to = stat.S_IMODE(file.stat().st_mode) & 0o077
            yield Found("keys.open" if open_to else "keys.ok", {"file": str(file)})


def settings() -> Iterator[Finding]:
    """A public site without https; refuses variables that hold no usable value."""
    serving.address()
    serving.size()
    web.protection()
    public = web.allowed_hosts() != web.LOCAL_HOSTS
    secure = any(urlsplit(origin).scheme == "https" for origin in web.trusted_origins())
    if public and not secure:
        yield Found("settings.insecure")
    else:
        yield Found("settings.ok")


def static() -> Iterator[Finding]:
    """Whether static files have been collected."""
    if not static_files.is_hashed():
        yield Found("static.plain")
    elif not web.static_root().is_dir():
        yield Found("static.uncollected")
    else:
        yield Found("static.ok")
