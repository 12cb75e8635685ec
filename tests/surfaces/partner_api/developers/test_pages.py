"""Developers read the very files of the project, in their language."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from tanzhang.surfaces.partner_api.codes import CODES
from tanzhang.surfaces.partner_api.developers import pages

pytestmark = pytest.mark.database

NAMES = [pages.address(stem) for stem in pages.names()]


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_shown_and_its_links_lead_somewhere(name: str, lang: str) -> None:
    client = Client(headers={"Accept-Language": lang})
    shown = client.get(f"/developers/{name}/" if name else "/developers/")
    assert shown.status_code == 200
    html = shown.content.decode()
    assert html.count("<h1") == 1
    assert " style=" not in html
    article = html[html.index("<article") : html.index("</article>")]
    for href in re.findall(r'href="(/[^"]*)"', article):
        path, _, fragment = unquote(href).partition("#")
        found = client.get(path)
        assert found.status_code == 200, href
        assert not fragment or f'id="{fragment}"' in found.content.decode(), href


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_can_be_linked_to(lang: str) -> None:
    errors = pages.page("errors", lang)
    assert errors
    assert [code for code in CODES if f'id="{code}"' not in errors.html] == []


def test_html_in_a_page_would_not_get_through() -> None:
    assert "<script>" not in pages._parser().render("a <script>alert(1)</script>")


@pytest.mark.parametrize("name", ["README", "nothing", "sign.zh-CN"])
def test_what_is_no_page_is_not_found(name: str) -> None:
    assert Client().get(f"/developers/{name}/").status_code == 404


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_address_is_drawn(lang: str) -> None:
    from tanzhang.surfaces.partner_api import openapi

    html = Client(headers={"Accept-Language": lang}).get("/developers/api/").content.decode()
    for path, methods in openapi.document()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in html
    for name in openapi.document()["components"]["schemas"]:
        assert f'id="{name}"' in html
