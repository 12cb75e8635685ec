"""Programmes: their versions, scenes, limits and points."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import grams
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.engine.packs import ProgrammeFile
from tanzhang.engine.rules import Kind, Limit, Points
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import allowed, may, page, spoken
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.console.versions import chosen, versions_by_code
from tanzhang.surfaces.console.views.belonging import MADE_BY_THEMSELVES


@allowed("look")
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes that are loaded, in force or not."""
    lang = spoken()
    library = rulebook_in_force().library
    rows = []
    for code, versions in versions_by_code("programme").items():
        file = library.programmes[code]
        rows.append(
            {
                "code": code,
                "title": file.title[lang],
                "operator": file.operator[lang],
                "zone": file.rules.time_zone,
                "scenes": len(file.rules.versions[-1].scenes),
                "versions": versions,
            }
        )
    return page(request, "programmes", _("Programmes"), rows=rows)


@allowed("look")
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One version of a programme: the one asked for, or the one in force, or the last."""
    lang = spoken()
    versions = versions_by_code("programme").get(code)
    if versions is None:
        raise Problem("console.page_unknown", name=code)
    current = chosen(versions, request.GET.get("version"))
    file = rulebook_in_force().library.programmes[code]
    rules = next(v for v in file.rules.versions if v.version == current.name)
    return page(
        request,
        "programme",
        file.title[lang],
        crumbs=trail("programmes"),
        code=code,
        operator=file.operator[lang],
        notes=file.notes[lang],
        zone_of=file.rules.time_zone,
        versions=versions,
        current=current,
        may_propose=may(request, "propose"),
        may_hold=may(request, "hold"),
        kinds=[
            (kind, entry.title[lang], entry.points[lang]) for kind, entry in file.accounts.items()
        ],
        opens=[
            (kind, entry.title[lang])
            for kind, entry in file.accounts.items()
            if kind not in MADE_BY_THEMSELVES
        ],
        scenes=_scenes(file, current.name, lang),
        limits=[_limit(limit, lang) for limit in rules.limits],
        points=_points(rules.points, lang),
        mark=file.points_marks[current.name],
    )


def _scenes(file: ProgrammeFile, version: str, lang: str) -> list[dict[str, object]]:
    return [
        {
            "id": scene.id,
            "title": scene.title[lang],
            "pack": scene.pack,
            "partners": scene.partners,
            "note": scene.note[lang] if scene.note else "",
        }
        for scene in file.scenes[version].values()
    ]


def _limit(limit: Limit, lang: str) -> dict[str, object]:
    value = grams(limit.value, lang) if limit.kind is Kind.AMOUNT else str(limit.value)
    return {
        "owner": limit.owner,
        "name": limit.name,
        "value": value,
        "counts_acts": limit.kind is Kind.COUNT,
        "period": limit.period.name.lower(),
        "scope": limit.scope.name.lower(),
        "from_pack": limit.from_pack,
    }


def _points(points: Points, lang: str) -> dict[str, object]:
    return {
        "unit": grams(points.unit_mg, lang) if points.unit_mg else "",
        "daily_max": points.daily_max,
        "per_act": sorted(points.per_act.items()),
        "per_act_daily_max": points.per_act_daily_max,
        "available_after_days": points.available_after_days,
        "expires_after_years": points.expires_after_years,
    }
