"""Methodology packs: their versions, and one version with everything that decides amounts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import grams
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.engine.packs import CompiledPack
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import allowed, may, page, spoken
from tanzhang.surfaces.console.times import day
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.console.versions import chosen, versions_by_code


@allowed("look")
def packs(request: HttpRequest) -> HttpResponse:
    """All packs that are loaded, in force or not."""
    lang = spoken()
    library = rulebook_in_force().library
    rows = [
        {
            "code": code,
            "title": library.packs[code][-1].definition.title[lang],
            "issuer": library.packs[code][-1].definition.issuer[lang],
            "versions": versions,
        }
        for code, versions in versions_by_code("pack").items()
    ]
    return page(request, "packs", _("Methodology packs"), rows=rows)


@allowed("look")
def pack(request: HttpRequest, code: str) -> HttpResponse:
    """One version of a pack: the one asked for, or the one in force, or the last."""
    rules, lang = rulebook_in_force(), spoken()
    versions = versions_by_code("pack").get(code)
    if versions is None:
        raise Problem("console.page_unknown", name=code)
    current = chosen(versions, request.GET.get("version"))
    edition = next(e for e in rules.library.packs[code] if e.version == current.name)
    definition = edition.definition
    return page(
        request,
        "pack",
        definition.title[lang],
        crumbs=trail("packs"),
        code=code,
        chosen=edition,
        definition=definition,
        versions=versions,
        current=current,
        may_propose=may(request, "propose"),
        said={
            "issuer": definition.issuer[lang],
            "document": definition.document[lang],
            "summary": definition.summary[lang] if definition.summary else "",
            "notes": definition.notes[lang] if definition.notes else "",
            "review_by": definition.review.by[lang] if definition.review else "",
        },
        review_on=day(definition.review.on) if definition.review else None,
        inputs=_inputs(edition, lang),
        steps=[(step.title[lang], step.text) for step in definition.steps],
        limits=_limits(edition, lang),
        bounds=[(entry.rules, entry.mark) for entry in definition.bounds],
        examples=_examples(edition, lang),
        programmes=_users(rules, code, lang),
    )


def _inputs(edition: CompiledPack, lang: str) -> list[dict[str, object]]:
    return [
        {
            "name": entry.name,
            "title": entry.title[lang],
            "unit": rules.unit,
            "minimum": entry.minimum,
            "maximum": entry.maximum,
            "required": entry.required,
            "values": ", ".join(title[lang] for title in entry.value_titles),
        }
        for entry, rules in zip(edition.definition.inputs, edition.rules.inputs, strict=True)
    ]


def _limits(edition: CompiledPack, lang: str) -> list[dict[str, object]]:
    return [
        {
            "name": entry.rules.name,
            "value": (
                grams(entry.rules.value, lang)
                if entry.rules.kind.name == "AMOUNT"
                else _("%(count)s acts") % {"count": entry.rules.value}
            ),
            "period": entry.rules.period.name.lower(),
            "scope": entry.rules.scope.name.lower(),
            "mark": entry.mark,
        }
        for entry in edition.definition.limits
    ]


def _examples(edition: CompiledPack, lang: str) -> list[dict[str, object]]:
    return [
        {
            "inputs": ", ".join(
                f"{name} = {value if isinstance(value, str) else ' '.join(value)}"
                for name, value in example.inputs.items()
            ),
            "reduction": grams(example.reduction_mg, lang),
            "source": example.source[lang],
        }
        for example in edition.definition.examples
    ]


def _users(rules: RulesInForce, code: str, lang: str) -> list[tuple[str, str]]:
    """The programmes whose latest version names the pack, with the scene."""
    return [
        (programme.id, rules.scene_title(programme.id, scene)[lang])
        for programme in rules.rulebook.programmes.values()
        for scene, pack_code in programme.versions[-1].scenes.items()
        if pack_code == code
    ]
