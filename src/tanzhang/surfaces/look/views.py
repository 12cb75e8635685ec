"""The style page: every component in all its states, from the parts that the pages use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tanzhang.surfaces.look.samples import samples


def style(request: HttpRequest) -> HttpResponse:
    """All tokens and components, in the reader's language and theme."""
    return render(request, "look/style.html", samples())
