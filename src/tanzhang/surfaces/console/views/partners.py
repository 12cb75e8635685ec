"""Partners: who reports what, and what came from them lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import latest_pieces
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.partners.api import PartnerLine, partner_lines
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import allowed, page, spoken
from tanzhang.surfaces.console.trail import trail

#: The latest pieces that a partner's page lists.
PIECES_SHOWN = 20


@allowed("look")
def partners(request: HttpRequest) -> HttpResponse:
    """All partners."""
    lang = spoken()
    lines = partner_lines()
    rules = rulebook_in_force() if lines else None
    rows = [
        {
            "line": line,
            "title": line.title(lang),
            "programme": rules.programme_code(line.programme_id),
            "scenes": len(_scenes(rules, line, lang)),
        }
        for line in lines
        if rules is not None
    ]
    return page(request, "partners", _("Partners"), rows=rows)


@allowed("look")
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One partner."""
    line = next((line for line in partner_lines() if line.code == code), None)
    if line is None:
        raise Problem("console.page_unknown", name=code)
    rules, lang = rulebook_in_force(), spoken()
    return page(
        request,
        "partner",
        line.title(lang),
        crumbs=trail("partners"),
        line=line,
        programme=rules.programme_code(line.programme_id),
        scenes=_scenes(rules, line, lang),
        pieces=latest_pieces(PIECES_SHOWN, partner_id=line.id),
    )


def _scenes(rules: RulesInForce, line: PartnerLine, lang: str) -> list[dict[str, str]]:
    """The scenes that a partner may report by the programme's latest version."""
    file = rules.programme_file(rules.programme_code(line.programme_id))
    latest = list(file.scenes.values())[-1]
    return [
        {"id": scene.id, "title": scene.title[lang], "pack": scene.pack}
        for scene in latest.values()
        if line.code in scene.partners
    ]
