"""Somebody at the console: logged in with some roles, reading pages and sending forms."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client

from tanzhang.config.sessions import staff_cookie

PASSWORD = "quite-a-long-password-7"


@dataclass(frozen=True)
class Answer:
    """What the site answered, as a reader sees it."""

    status: int
    text: str  #: without tags, blanks run together
    source: str
    location: str
    policy: str

    @classmethod
    def of(cls, response: HttpResponse) -> Answer:
        source = response.content.decode()
        plain = html.unescape(re.sub(r"<[^>]+>", " ", source))
        return cls(
            status=response.status_code,
            text=" ".join(plain.split()),
            source=source,
            location=response.headers.get("Location", ""),
            policy=response.headers.get("Content-Security-Policy", ""),
        )


@dataclass(frozen=True)
class Desk:
    """One log-in with a browser of its own."""

    name: str
    client: Client

    def reads(self, path: str, **asked: str) -> Answer:
        """GET a page of the console by its path below ``/console/``."""
        return Answer.of(self.client.get(f"/console/{path}", asked))

    def sends(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """POST a form."""
        return Answer.of(self.client.post(f"/console/{path}", fields or {}))


def sit_down(name: str, *roles: str, lang: str = "en", superuser: bool = False) -> Desk:
    """A log-in with these roles, who reads in ``lang``."""
    user, _made = User.objects.get_or_create(
        username=name, defaults={"is_staff": True, "is_superuser": superuser}
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    client = Client(SERVER_NAME="localhost", headers={"accept-language": lang})
    client.force_login(user, backend="tanzhang.config.staff.StaffBackend")
    # The test client knows one cookie; the console has its own.
    client.cookies[staff_cookie()] = client.cookies.pop(settings.SESSION_COOKIE_NAME).value
    return Desk(name, client)
