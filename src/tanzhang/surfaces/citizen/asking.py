"""What a citizen can agree to: source by source, purpose by purpose, and what she has decided."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from tanzhang.apps.activities.api import heading, needs_of, photo_scenes, scenes_of_partner
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import AgreementKind, agreements, partner_codes, partner_lines
from tanzhang.apps.people.api import (
    COLLECT,
    CROSS_BORDER,
    HOME,
    PHOTO,
    SENSITIVE,
    SHARE,
    AccountEntry,
    ConsentLine,
    Wording,
    consent_history,
    coverage,
    current_wording,
    may_agree,
    needs_guardian,
    purposes,
    sources_of,
    wordings,
)
from tanzhang.surfaces.citizen.pressing import new_press


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to agree to: ``line`` is what she decided last, ``data`` what is sensitive."""

    purpose: str
    title: str
    needed_for: str
    source: int | None
    kinds: tuple[str, ...]
    data: Sequence[str]
    wording: Wording
    line: ConsentLine | None
    now_us: int
    button: str
    press: str = field(default_factory=new_press)

    @property
    def is_live(self) -> bool:
        """Whether she agrees to it now, in all its kinds."""
        return (
            self.line is not None
            and self.line.is_live(self.now_us)
            and set(self.kinds) <= set(self.line.kinds)
        )

    @property
    def has_lapsed(self) -> bool:
        """Whether she agreed once, and has to be asked again."""
        return self.line is not None and self.line.has_lapsed(self.now_us)

    def changes(self, lang: str) -> list[str]:
        """What changed in the text since she agreed, sentence by sentence."""
        known = [each.version for each in wordings(self.wording.code)]
        if self.line is None or self.line.version not in known:
            return []
        later = wordings(self.wording.code)[known.index(self.line.version) + 1 :]
        return [sentence for version in later for sentence in version.changes.get(lang, ())]


@dataclass(frozen=True, slots=True)
class SourceAsks:
    """A source with everything that can be agreed to for it."""

    title: str
    asks: Sequence[Ask]


def asks_of(account: AccountEntry, lang: str, now_us: int) -> list[SourceAsks]:
    """Everything that an account's owner can agree to, by source in the order of the programme.

    Last comes what is agreed to for the account, whatever the source. Nothing is asked that nothing
    would follow from, or that she is too young for.
    """
    rules, history = rulebook_in_force(), consent_history(account.id)
    programme = rules.programme_code(account.programme_id)
    codes = partner_codes()
    titles = {line.id: heading(line.title(lang)) for line in partner_lines()}
    order = [*rules.programme_file(programme).partners]
    known = [source.partner_id for source in sources_of(account.id)]
    known.sort(key=lambda number: order.index(codes[number]) if codes[number] in order else 999)
    found = []
    for number in known:
        made = _Maker(number, lang, now_us, history)
        sensitive = _sensitive(rules, programme, codes[number], lang)
        asks = [made.ask(COLLECT)]
        if sensitive:
            kinds = tuple(sorted({kind for kind, _ in sensitive}))
            asks.append(made.ask(SENSITIVE, kinds, [text for _, text in sensitive]))
        asks += [made.ask(purpose) for purpose in _reading(account.id, number, history)]
        found.append(SourceAsks(titles[number], asks))
    if photo_scenes(rules, programme) or _latest(history, PHOTO, None) is not None:
        whole = _Maker(None, lang, now_us, history).ask(PHOTO)
        found.append(SourceAsks(gettext("For your account as a whole"), [whole]))
    return found


def sensitive_asks(account: AccountEntry, lang: str, now_us: int) -> list[SourceAsks]:
    """What is still to be asked by itself after an account was opened: sensitive data alone."""
    sources = [
        SourceAsks(
            source.title, [a for a in source.asks if a.purpose == SENSITIVE and a.line is None]
        )
        for source in asks_of(account, lang, now_us)
    ]
    return [source for source in sources if source.asks]


#: What a session knows: a new account's owner has not yet been asked for sensitive data.
_ASK: Final = "ask_sensitive"


def remember_to_ask(request: HttpRequest, account: AccountEntry) -> None:
    """After an account was opened: let home lead to the questions that the law wants separate."""
    if is_unguarded(account) or sensitive_asks(account, "en", 0):
        request.session[_ASK] = True


def is_unguarded(account: AccountEntry) -> bool:
    """Whether a guardian has to agree before anything else."""
    with bulk_transaction() as cursor:
        return needs_guardian(cursor, account.id, time.time_ns() // 1_000)


def is_to_ask(request: HttpRequest) -> bool:
    """Whether home leads there; it does so until she has seen them."""
    return bool(request.session.get(_ASK))


def was_asked(request: HttpRequest) -> None:
    """She has seen the questions."""
    request.session.pop(_ASK, None)


def button_of(purpose: str) -> str:
    """What the button says that gives a consent; it is recorded with it."""
    if purpose == COLLECT:
        return gettext("Allow")
    if purpose == SHARE:
        return gettext("Share")
    return gettext("I agree to this alone")


def kind_title(kind: str) -> str:
    """What a kind of sensitive data is called."""
    return {
        "health": gettext("health"),
        "location": gettext("whereabouts"),
        "financial": gettext("finances"),
    }[kind]


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the asks of one source, or without one those of the account."""

    source: int | None
    lang: str
    now_us: int
    history: Sequence[ConsentLine]

    def ask(self, purpose: str, kinds: tuple[str, ...] = (), data: Sequence[str] = ()) -> Ask:
        """One ask, with the latest decision about it."""
        told = purposes()[purpose]
        return Ask(
            purpose=purpose,
            title=told.title[self.lang],
            needed_for=told.needed_for[self.lang],
            source=self.source,
            kinds=kinds,
            data=data,
            wording=current_wording(told.text),
            line=_latest(self.history, purpose, self.source),
            now_us=self.now_us,
            button=button_of(purpose),
        )


def _latest(history: Iterable[ConsentLine], purpose: str, source: int | None) -> ConsentLine | None:
    """The open consent, or else the last one."""
    own = [line for line in history if (line.purpose, line.partner_id) == (purpose, source)]
    return next((line for line in own if line.to_us is None), own[0] if own else None)


def _reading(account_id: int, source: int, history: Sequence[ConsentLine]) -> list[str]:
    """The purposes of reading her balance that concern a source: it asks to, or once might."""
    now, now_us = timezone.now(), time.time_ns() // 1_000
    reads = any(
        made.kind is AgreementKind.READ_BALANCE and made.is_live(now) for made in agreements(source)
    )
    with bulk_transaction() as cursor:
        found = coverage(cursor, source, SHARE, now_us)
        reads = reads and may_agree(cursor, account_id, SHARE, now_us)
    wanted = {SHARE: reads, CROSS_BORDER: reads and bool(found.countries - {HOME})}
    return [
        purpose
        for purpose, is_wanted in wanted.items()
        if is_wanted or _latest(history, purpose, source) is not None
    ]


def _sensitive(
    rules: RulesInForce, programme: str, partner: str, lang: str
) -> list[tuple[str, str]]:
    """The sensitive data of a source: kind, and in words which figure of which scene."""
    found = []
    for scene, pack in scenes_of_partner(rules, programme, partner).items():
        needs = needs_of(rules, pack)
        title = rules.scene_title(programme, scene)[lang]
        entries = {e.name: e for each in rules.library.packs[pack] for e in each.definition.inputs}
        for name, kind in needs.kinds.items():
            what = entries[name].title[lang]
            text = gettext("%(scene)s: %(what)s (%(kind)s)")
            named = {"scene": title, "what": what, "kind": kind_title(kind)}
            found.append((kind, heading(text % named)))
    return found
