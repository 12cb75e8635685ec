"""Handing in a picture for a scene that asks for one."""

from __future__ import annotations

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory whatever its size: what stands beside a picture touches no disk.

    The server reads no larger body than a few megabytes (``config.arrivals``).
    """

    def handle_raw_input(self, *args: object, **named: object) -> None:
        """Take part in every upload."""
        self.activated = True


@csrf_exempt  # checked below: how an upload is kept must be said before anything is read
def photos(request: HttpRequest) -> HttpResponse:
    """The page; pictures are read into memory alone."""
    request.upload_handlers = [InMemory(request)]
    return _photos(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def _photos(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    rules, lang = rulebook_in_force(), moments.language()
    programme = rules.programme_code(account.programme_id)
    scenes = activities.photo_scenes(rules, programme)
    refusal, token = None, ""
    if request.method == "POST":
        scene, file = request.POST.get("scene", ""), request.FILES.get("photo")
        uploaded = b"" if file is None else file.read()
        try:
            if scene not in scenes:
                raise Problem("authenticity.photo_scene_unknown")
            token = activities.hand_in(account, rules.scene_ids[programme, scene], uploaded)
        except Problem as problem:
            refusal = problem
    context = {
        "scenes": [(scene, rules.scene_title(programme, scene)[lang]) for scene in scenes],
        "problem": refusal,
        "token": token,
        "tabs": tabs(),
    }
    return render(request, "citizen/photos.html", context, status=200 if refusal is None else 409)
