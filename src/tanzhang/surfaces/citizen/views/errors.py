"""Pages for what goes wrong: not found, not allowed, our own fault, a form that has expired."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or it is not this citizen's."""
    return _page(
        request,
        404,
        gettext("This page does not exist."),
        gettext("The address may be mistyped, or the record belongs to another account."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The visitor may not do this."""
    return _page(
        request,
        403,
        gettext("You may not see this page."),
        gettext("Perhaps you are logged in with another account."),
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the proof that our own page sent it."""
    return _page(
        request,
        403,
        gettext("The page has been open for too long."),
        gettext("For your safety nothing was changed. Go back, load the page again, and repeat."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours broke, perhaps the database: the page asks for no session and no log-in."""
    return _page(
        None,
        500,
        gettext("Something broke on our side."),
        gettext("Your grams and points are safe. Please try again in a moment."),
    )


def _page(request: HttpRequest | None, status: int, title: str, text: str) -> HttpResponse:
    context = {"title": title, "text": text, "status": status}
    page = render_to_string("citizen/error.html", context, request)
    return HttpResponse(page, status=status)
