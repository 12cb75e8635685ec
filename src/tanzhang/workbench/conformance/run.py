"""The whole kit, and the report that it ends in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tanzhang.crypto import PrivateKey, PublishedKey, Purpose, load_private
from tanzhang.engine.packs import ProgrammeFile
from tanzhang.problems import Problem
from tanzhang.proofs import Document, Seal, make_conformance
from tanzhang.workbench.conformance.caller import Caller
from tanzhang.workbench.conformance.golden import Golden, golden
from tanzhang.workbench.conformance.refusals import answers_case, refusal_cases
from tanzhang.workbench.conformance.reports import (
    golden_cases,
    held_cases,
    repetition_cases,
    revision_cases,
    single_refusal_cases,
)
from tanzhang.workbench.conformance.session import Case, Session

Heard = Callable[[Case], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found, and its signed report."""

    cases: Sequence[Case]
    report: Document

    @property
    def ok(self) -> bool:
        """Whether every case came out as expected."""
        return all(case.ok for case in self.cases)


def run_here(heard: Heard) -> Run:
    """Run against this installation, which holds fictitious people; the platform signs the report.

    What is needed is prepared, and what does not run is started and stopped again. ``heard`` is
    told each case as it comes. Raises ``people.installation_live`` and ``up.site_silent``.
    """
    from tanzhang.workbench.conformance.running import database_awake, site

    with database_awake():
        from tanzhang.workbench import demonstration

        demonstration.prepare()
        from tanzhang.config.own_keys import key_store
        from tanzhang.workbench.conformance import desk

        with desk.opened() as ours, site() as url:
            caller = Caller(url, ours.partner, ours.key)
            name = caller.learn_keys()
            scenes = {each.pack: each.pack for each in golden()}
            session = Session(caller, ours.persons, scenes)
            cases = _heard(_cases(session, golden(), desk.hold), heard)
            store = key_store()
            seal = Seal.now(store, Purpose.SIGN)
            return Run(cases, _report(name, session, desk.PROGRAMME, cases, seal))


def run_there(
    url: str,
    partner: str,
    key: Path,
    programme: ProgrammeFile,
    persons: Sequence[str],
    heard: Heard,
) -> Run:
    """A partner's own run against a sandbox; the partner's key signs the report.

    Raises ``conformance.key_unreadable``, ``.no_site`` and ``.no_scene``.
    """
    caller = Caller(url.rstrip("/"), partner, _private(key))
    name = caller.learn_keys()
    latest = [*programme.scenes.values()][-1].values()
    scenes = {scene.pack: scene.id for scene in latest if partner in scene.partners}
    fitting = [each for each in golden() if each.again and each.pack in scenes]
    if not fitting:
        raise Problem("conformance.no_scene", partner=partner, programme=programme.id)
    session = Session(caller, persons, scenes)
    cases = _heard(_cases(session, fitting, None), heard)
    return Run(cases, _report(name, session, programme.id, cases, _own_seal(caller.key)))


def _cases(
    session: Session, fitting: Sequence[Golden], hold: Callable[..., None] | None
) -> Iterator[Case]:
    plain = next((each for each in fitting if not each.item), fitting[0])
    pairs = ((one, other) for one, other in pairwise(fitting) if one.pack == other.pack)
    before, after = next(pairs, (plain, plain))
    yield from golden_cases(session, fitting)
    yield from repetition_cases(session, plain)
    yield from revision_cases(session, before, after)
    yield from single_refusal_cases(session, plain)
    yield from held_cases(session, plain, hold)
    yield from refusal_cases(session, plain)
    yield answers_case(session.caller)


def _heard(cases: Iterator[Case], heard: Heard) -> list[Case]:
    found = []
    for case in cases:
        heard(case)
        found.append(case)
    return found


def _report(
    installation: str, session: Session, programme: str, cases: Sequence[Case], seal: Seal
) -> Document:
    return make_conformance(
        installation=installation,
        url=session.caller.url,
        partner=session.caller.partner,
        partner_key=session.caller.key.key_id,
        programme=programme,
        cases=[_as_json(case) for case in cases],
        seal=seal,
    )


def _as_json(case: Case) -> Mapping[str, Any]:
    return {"name": case.name, "expected": case.expected, "got": case.got, "ok": case.ok}


def _private(file: Path) -> PrivateKey:
    try:
        return load_private(file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, Problem) as error:
        raise Problem("conformance.key_unreadable", path=str(file), said=str(error)) from error


def _own_seal(key: PrivateKey) -> Seal:
    """A partner's seal: its key, which vouches for nobody but itself."""
    now = datetime.now(UTC).replace(microsecond=0)
    own = PublishedKey(
        key_id=key.key_id,
        purpose=Purpose.SIGN,
        algorithm=key.algorithm,
        pem=key.public.pem,
        active_from=now,
        active_until=None,
        announced_at=now,
    )
    return Seal(key, [own], now)
