"""Addresses of who a person is: her identity, her family, her ways back and out."""

from __future__ import annotations

from django.urls import URLPattern, path

from tanzhang.surfaces.citizen.views import family, linking, number, recovery
from tanzhang.surfaces.citizen.views.closing import closing
from tanzhang.surfaces.citizen.views.identity import identity
from tanzhang.surfaces.citizen.views.waking import waking

person_urls: list[URLPattern] = [
    path("log-in/wake/", waking, name="waking"),
    path("log-in/recover/", recovery.recover, name="recover"),
    path("log-in/recover/code/", recovery.recover_code, name="recover_code"),
    path("log-in/recover/asked/", recovery.recover_asked, name="recover_asked"),
    path("log-in/recover/again/", recovery.recover_again, name="recover_again"),
    path("me/identity/", identity, name="identity"),
    path("me/identity/recovery/cancel/", recovery.recover_cancel, name="recover_cancel"),
    path("me/identity/link/", linking.link_other, name="link_other"),
    path("me/identity/link/code/", linking.link_code, name="link_code"),
    path("me/identity/link/confirm/", linking.link_confirm, name="link_confirm"),
    path("me/identity/link/undo/", linking.link_undo, name="link_undo"),
    path("me/identity/number/", number.number, name="number"),
    path("me/identity/number/code/", number.number_code, name="number_code"),
    path("me/family/", family.family, name="family"),
    path("me/family/make/", family.family_make, name="family_make"),
    path("me/family/join/", family.family_join, name="family_join"),
    path("me/family/change/", family.family_change, name="family_change"),
    path("me/family/child/", family.family_child, name="family_child"),
    path("me/closing/", closing, name="closing"),
]
