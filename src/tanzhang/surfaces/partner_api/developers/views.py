"""The pages, and the description of every address drawn from the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tanzhang.surfaces.look import moments
from tanzhang.surfaces.partner_api import openapi
from tanzhang.surfaces.partner_api.developers import drawing, pages


@require_safe
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """One page in the reader's language."""
    found = pages.page(name, moments.language())
    if found is None or name == pages.ORDER[0]:
        raise Http404
    context = {"page": found, "contents": _contents(found.name)}
    return render(request, "partner_api/page.html", context)


@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters, bodies and answers."""
    context: dict[str, Any] = {
        "contents": _contents("api"),
        "operations": drawing.operations(openapi.document()),
        "schemas": drawing.schemas(openapi.document()),
    }
    return render(request, "partner_api/api.html", context)


def _contents(current: str) -> list[dict[str, Any]]:
    """Every page for the list beside the text."""
    found = [pages.page(pages.address(stem), moments.language()) for stem in pages.names()]
    listed = [(page.name, page.title) for page in found if page]
    listed.append(("api", gettext("All addresses")))
    return [
        {
            "href": f"/developers/{name}/" if name else "/developers/",
            "title": title,
            "is_current": name == current,
        }
        for name, title in listed
    ]
