"""A citizen with a browser: pages as she reads them, forms as she sends them."""

from __future__ import annotations

import html
import re
import secrets
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client

from tanzhang.apps.partners.api import (
    AgreementKind,
    Claims,
    Terms,
    add_key,
    agree,
    key_owner,
    partner,
    sign_link,
)
from tanzhang.apps.people.api import Admitted, account
from tanzhang.crypto import Algorithm, PrivateKey, generate
from tanzhang.surfaces.citizen.visitor import enter
from tanzhang.workbench.sample_bank import wrapped_claims, wrapped_phone

#: The host of the test client.
HOST = "testserver"


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

    def arrives(
        self, person: str = "gil", phone: str | None = None, claims: Claims | None = None
    ) -> Page:
        """By a link of the bank at the river."""
        return self.opens("/enter/", **a_link(person, phone, claims))

    def goes_on(self, page: Page) -> Page:
        """Send the form of the page of her arrival, as it stands."""
        (form,) = re.findall(r'<form method="post" action="(/enter/|/join/)"', page.source)
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.source))
        return self.sends(form, **fields)


@cache
def bank_key() -> PrivateKey:
    """The key with which the bank signs its links."""
    return generate(Algorithm.SM2)


def bank_ready() -> None:
    """Make the bank a host, if it is none yet: its key, and the agreement."""
    if key_owner(bank_key().key_id) is None:
        bank = partner("bank").id
        add_key(bank, bank_key().public)
        agree(bank, Terms(AgreementKind.HAND_OVER), by="test")


def a_link(
    person: str = "gil", phone: str | None = None, claims: Claims | None = None
) -> dict[str, str]:
    """What a new link for somebody at the bank says, by parameter."""
    bank_ready()
    made = sign_link(
        bank_key(),
        partner="bank",
        person=person,
        host=HOST,
        ts=int(time.time()),
        nonce=secrets.token_hex(16),
        phone=wrapped_phone(phone) if phone else "",
        claims=wrapped_claims(claims or {}),
    )
    return made.fields


def browser(lang: str = "en", *, checks_forms: bool = False) -> Browser:
    """Somebody's browser; ``checks_forms`` asks for the proof that forms carry."""
    client = Client(HTTP_ACCEPT_LANGUAGE=lang, enforce_csrf_checks=checks_forms)
    return Browser(client)


def logged_in(handle: str, lang: str = "en") -> Browser:
    """The browser of an account's owner."""
    found = account(handle)
    assert found is not None
    visitor = browser(lang)
    request = HttpRequest()
    request.session = SessionStore()
    enter(request, found.id, Admitted(cancelled=False))
    request.session.save()
    visitor.client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return visitor
