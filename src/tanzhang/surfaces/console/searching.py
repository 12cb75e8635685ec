"""What a number or code may name: every room is asked by a key, none is searched through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import find_event, piece
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.ledger.api import log_line
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import account
from tanzhang.engine.packs import Text
from tanzhang.problems import Problem

_NUMBER = re.compile(r"[0-9]{1,18}")
_MOST_CATALOGUE_HITS = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that the text names; ``exact`` if by its own number or code."""

    kind: str
    name: str
    about: str
    url: str
    exact: bool = True


def found_for(asked: str, lang: str) -> list[Hit]:
    """Everything that the text names, what is named exactly first."""
    hits = [*_books(asked), *_partners(asked, lang), *_catalogue(asked, lang)]
    return sorted(hits, key=lambda hit: not hit.exact)


def _books(asked: str) -> Iterator[Hit]:
    """Rows of the books, by number, handle or event key."""
    if (found := account(asked)) is not None:
        about = _("account number %(number)s") % {"number": found.id}
        yield Hit(_("Account"), found.handle, about, _url("account", found.handle))
    if (key := _event(asked)) is not None:
        yield Hit(_("Act"), key, _("an accepted act"), _url("act", key))
    if not _NUMBER.fullmatch(asked):
        return
    number = int(asked)
    if (line := piece(number)) is not None:
        about = _("%(count)s acts in shard %(shard)s") % {
            "count": line.item_count,
            "shard": line.shard,
        }
        yield Hit(_("Piece"), asked, about, _url("piece", number))
    if (place := log_line(number)) is not None:
        about = _("of piece %(piece)s") % {"piece": place.piece_id}
        yield Hit(_("Position in the log"), asked, about, _url("place", number))


def _event(asked: str) -> str | None:
    try:
        key = find_event(asked)
    except Problem as problem:
        if problem.code != "partners.partner_unknown":
            raise
        return None
    return None if key is None else key.hex


def _partners(asked: str, lang: str) -> Iterator[Hit]:
    for line in partner_lines():
        if _names(asked, line.code, line.title_zh, line.title_en):
            url = _url("partner", line.code)
            yield Hit(_("Partner"), line.code, line.title(lang), url, asked == line.code)


def _catalogue(asked: str, lang: str) -> Iterator[Hit]:
    try:
        rules = rulebook_in_force()
    except Problem as problem:
        if problem.code != "catalogue.nothing_loaded":
            raise
        return
    hits = [*_packs(rules, asked, lang), *_programmes(rules, asked, lang), *_limits(rules, asked)]
    yield from sorted(hits, key=lambda hit: not hit.exact)[:_MOST_CATALOGUE_HITS]


def _packs(rules: RulesInForce, asked: str, lang: str) -> Iterator[Hit]:
    code, _sign, version = asked.partition("@")
    for known, editions in rules.library.packs.items():
        title = editions[-1].definition.title
        if known == code and version:
            names = [e.version for e in editions if version in (e.version, e.definition.version)]
            if names:
                url = f"{_url('pack', known)}?version={names[-1]}"
                yield Hit(_("Pack version"), f"{known}@{names[-1]}", title[lang], url)
        elif known in rules.pack_ids and _names_titled(asked, known, title):
            yield Hit(_("Pack"), known, title[lang], _url("pack", known), asked == known)


def _programmes(rules: RulesInForce, asked: str, lang: str) -> Iterator[Hit]:
    for code in rules.rulebook.programmes:
        file = rules.programme_file(code)
        url = _url("programme", code)
        if _names_titled(asked, code, file.title):
            yield Hit(_("Programme"), code, file.title[lang], url, asked == code)
        for scenes in list(file.scenes.values())[-1:]:
            for scene in scenes.values():
                if _names_titled(asked, scene.id, scene.title):
                    about = f"{scene.title[lang]} · {code}"
                    yield Hit(_("Scene"), scene.id, about, url, asked == scene.id)


def _limits(rules: RulesInForce, asked: str) -> Iterator[Hit]:
    for owner, name in rules.limit_ids:
        if _names(asked, name):
            kind = "programme" if owner in rules.rulebook.programmes else "pack"
            about = _("limit of %(owner)s") % {"owner": owner}
            yield Hit(_("Limit"), name, about, _url(kind, owner), asked == name)


def _names_titled(asked: str, code: str, title: Text) -> bool:
    return _names(asked, code, title.zh, title.en)


def _names(asked: str, *names: str) -> bool:
    """Whether the text is part of any of the names, without regard to case."""
    return any(asked.lower() in name.lower() for name in names)


def _url(page: str, *args: object) -> str:
    return reverse(f"console:{page}", args=args)
