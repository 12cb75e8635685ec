"""What a stranger sees: what a carbon account is, and how to get one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tanzhang.surfaces.citizen.applying import open_by_phone
from tanzhang.surfaces.citizen.visitor import account_of


def welcome(request: HttpRequest) -> HttpResponse:
    """The front page; who is logged in goes on to her home."""
    if account_of(request):
        return HttpResponseRedirect(reverse("citizen:home"))
    return render(request, "citizen/welcome.html", {"may_join": bool(open_by_phone())})
