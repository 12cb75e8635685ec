"""Addresses of this surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from tanzhang.surfaces.citizen.person_urls import person_urls
from tanzhang.surfaces.citizen.views.appeal import appeal
from tanzhang.surfaces.citizen.views.carrying import carry_in, carry_out, carrying
from tanzhang.surfaces.citizen.views.cohorts import cohorts, survey, take_part
from tanzhang.surfaces.citizen.views.consents import (
    ask_consent,
    consent_text,
    consents,
    decide_consent,
    let_child_go,
)
from tanzhang.surfaces.citizen.views.decisions import decisions
from tanzhang.surfaces.citizen.views.guardian import guardian, guardian_code
from tanzhang.surfaces.citizen.views.home import home
from tanzhang.surfaces.citizen.views.join import join
from tanzhang.surfaces.citizen.views.join_phone import join_code, join_phone
from tanzhang.surfaces.citizen.views.live import live
from tanzhang.surfaces.citizen.views.log_in import code, log_in, log_out
from tanzhang.surfaces.citizen.views.me import me
from tanzhang.surfaces.citizen.views.photos import photos
from tanzhang.surfaces.citizen.views.readers import readers
from tanzhang.surfaces.citizen.views.receipt import about_receipts, receipt
from tanzhang.surfaces.citizen.views.records import records
from tanzhang.surfaces.citizen.views.rights import ask, copy, rights, take_back
from tanzhang.surfaces.citizen.views.roots import consistency, keys, root, roots
from tanzhang.surfaces.citizen.views.sharing import sharing
from tanzhang.surfaces.citizen.views.welcome import welcome
from tanzhang.surfaces.citizen.views.why import why

app_name = "citizen"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", welcome, name="welcome"),
    path("join/", join, name="join"),
    path("join/phone/", join_phone, name="join_phone"),
    path("join/code/", join_code, name="join_code"),
    path("enter/", include("tanzhang.surfaces.citizen.entry.urls")),
    path("log-in/", log_in, name="log_in"),
    path("log-in/code/", code, name="code"),
    path("log-out/", log_out, name="log_out"),
    path("home/", home, name="home"),
    path("records/", records, name="records"),
    re_path(r"^records/(?P<event>[0-9a-f]{32})/$", why, name="why"),
    re_path(r"^records/(?P<event>[0-9a-f]{32})/receipt/$", receipt, name="receipt"),
    re_path(r"^records/(?P<event>[0-9a-f]{32})/appeal/$", appeal, name="appeal"),
    path("receipts/", about_receipts, name="receipts"),
    path("roots/", roots, name="roots"),
    path("roots/keys.json", keys, name="root_keys"),
    re_path(r"^roots/(?P<size>latest|[1-9][0-9]{0,17})\.json$", root, name="root"),
    re_path(
        r"^roots/(?P<old>[1-9][0-9]{0,17})-(?P<new>[1-9][0-9]{0,17})\.json$",
        consistency,
        name="consistency",
    ),
    path("cohorts/", cohorts, name="cohorts"),
    path("cohorts/part/", take_part, name="take_part"),
    path("cohorts/questions/<str:name>/", survey, name="survey"),
    path("carrying/", carrying, name="carrying"),
    path("carrying/out/", carry_out, name="carry_out"),
    path("carrying/in/", carry_in, name="carry_in"),
    path("me/", me, name="me"),
    path("me/sharing/", sharing, name="sharing"),
    path("me/consents/", consents, name="consents"),
    path("me/consents/ask/", ask_consent, name="ask_consent"),
    path("me/consents/decide/", decide_consent, name="decide_consent"),
    path("me/consents/child/", let_child_go, name="let_child_go"),
    path("me/guardian/", guardian, name="guardian"),
    path("me/guardian/code/", guardian_code, name="guardian_code"),
    re_path(r"^consent-texts/(?P<digest>[0-9a-f]{64})$", consent_text, name="consent_text"),
    path("me/photos/", photos, name="photos"),
    path("me/readers/", readers, name="readers"),
    path("me/rights/", rights, name="rights"),
    path("me/rights/ask/", ask, name="ask"),
    path("me/rights/copy/", copy, name="copy"),
    path("me/rights/take-back/", take_back, name="take_back"),
    path("me/rights/decisions/", decisions, name="decisions"),
    path("live/<slug:page>/", live, name="live"),
    *person_urls,
]
