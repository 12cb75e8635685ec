"""A citizen with a browser: pages as she reads them, forms as she sends them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tanzhang.apps.people.api import account, make_ticket


@dataclass(frozen=True)
class Page:
    """What the site answered."""

    status: int
    text: str  #: without tags, blanks run together
    source: str
    location: str
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse) -> Page:
        source = response.content.decode()
        plain = html.unescape(re.sub(r"<[^>]+>", " ", source))
        return cls(
            response.status_code,
            " ".join(plain.split()),
            source,
            response.headers.get("Location", ""),
            dict(response.headers),
        )


@dataclass(frozen=True)
class Browser:
    """A browser with cookies of its own."""

    client: Client

    def opens(self, path: str, **asked: str) -> Page:
        return Page.of(self.client.get(path, asked))

    def sends(self, path: str, **fields: str) -> Page:
        return Page.of(self.client.post(path, fields))

    def arrives(self, **ticket: object) -> Page:
        """By a ticket of the bank at the river."""
        return self.opens("/join/", ticket=a_ticket(**ticket))

    def goes_on(self, page: Page) -> Page:
        """Send the form of the page of her arrival, as it stands."""
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.source))
        return self.sends("/join/", **fields)


def a_ticket(person: str = "gil", phone: str | None = None) -> str:
    """A ticket for somebody whom bank and bikes know by one name."""
    return make_ticket(
        host="bank", programme="river", person=person, sources=("bank", "bikes"), phone=phone
    )


def browser(lang: str = "en", *, checks_forms: bool = False) -> Browser:
    """Somebody's browser; ``checks_forms`` asks for the proof that forms carry."""
    client = Client(HTTP_ACCEPT_LANGUAGE=lang, enforce_csrf_checks=checks_forms)
    return Browser(client)


def logged_in(handle: str, lang: str = "en") -> Browser:
    """The browser of an account's owner."""
    found = account(handle)
    assert found is not None
    visitor = browser(lang)
    session = visitor.client.session
    session["account"] = found.id
    session.save()
    return visitor
