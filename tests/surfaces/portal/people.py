"""Somebody of a partner, with a browser: reading pages of the portal and sending its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from surfaces.console.desk import Answer
from tanzhang.apps.partners.api import partner
from tanzhang.config.sessions import member_cookie
from tanzhang.surfaces.portal.members import add_member
from tanzhang.surfaces.portal.models import PortalMember, Role


@dataclass(frozen=True)
class Person:
    """A log-in with a browser of its own."""

    name: str
    client: Client

    def reads(self, path: str = "", **asked: str) -> Answer:
        """GET a page of the portal by its path below ``/portal/``."""
        return Answer.of(self.client.get(f"/portal/{path}", asked))

    def sends(self, path: str, fields: Mapping[str, Any] | None = None) -> Answer:
        """POST a form."""
        return Answer.of(self.client.post(f"/portal/{path}", fields or {}))


def somebody(
    code: str = "bikes", role: Role = Role.MANAGER, *, name: str = "", lang: str = "en"
) -> Person:
    """Somebody of a partner, logged in with a password of her own."""
    name = name or f"{code}-{role.value}"
    add_member(partner(code).id, name, role, by="li")
    user = User.objects.get(username=name)
    PortalMember.objects.filter(user=user).update(password_is_temporary=False)
    client = Client(SERVER_NAME="localhost", headers={"accept-language": lang})
    client.force_login(user, backend="tanzhang.config.staff.StaffBackend")
    # The test client knows one cookie; the portal has its own.
    client.cookies[member_cookie()] = client.cookies.pop(settings.SESSION_COOKIE_NAME).value
    return Person(name, client)
