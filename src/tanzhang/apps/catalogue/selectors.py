"""Reads: versions with their states, and the history of activations in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tanzhang.apps.catalogue.models import (
    Activation,
    ActivationItem,
    PackVersion,
    ProgrammeVersion,
)
from tanzhang.apps.catalogue.stored import activated_versions, loaded_library, open_proposals
from tanzhang.apps.catalogue.targets import item_name
from tanzhang.apps.catalogue.words import say
from tanzhang.engine.packs import PackLibrary, Text
from tanzhang.engine.packs.activated import activated_rules
from tanzhang.engine.packs.tree import write_day
from tanzhang.engine.rules import Rulebook

#: A sentence names so many versions.
LISTED: Final = 6


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version as it stands in the catalogue; days count since 1970-01-01, ends are exclusive.

    ``state`` is ``loaded`` (nobody proposed it), ``proposed``, ``activated`` (in force on the days
    of ``in_force``, which may be yet to come or over), or ``superseded`` (activated once; newer
    versions left it no day).
    """

    kind: str  #: pack or programme
    code: str
    version: str
    title: Text
    state: str
    valid_from: int
    valid_to: int
    in_force: tuple[int, int] | None
    loaded_at: datetime
    proposal_id: int | None

    @property
    def name(self) -> str:
        return f"{self.code}@{self.version}"

    def in_force_on(self, day: int) -> bool:
        """Whether acts of a local day are settled by it."""
        return self.in_force is not None and self.in_force[0] <= day < self.in_force[1]


@dataclass(frozen=True, slots=True)
class ActivationEntry:
    """A proposal and what became of it; ``decision`` is empty while it waits."""

    id: int
    versions: tuple[str, ...]
    from_day: int
    proposed_by: str
    proposed_at: datetime
    note: str
    decision: str
    decided_by: str
    decided_at: datetime | None
    decision_note: str

    def sentences(self, lang: str) -> tuple[str, ...]:
        """What was proposed and decided, in words."""
        names = _listed(self.versions, lang)
        day = write_day(self.from_day)
        if self.decision == "installed":
            return (say("activation", "installed", lang, versions=names, at=_day(self.decided_at)),)
        return tuple(self._told(names, day, lang))

    def _told(self, names: str, day: str, lang: str) -> Iterator[str]:
        proposed = {"versions": names, "day": day, "person": self.proposed_by}
        yield say("activation", "proposed", lang, **proposed, at=_day(self.proposed_at))
        if self.note:
            yield say("activation", "note", lang, person=self.proposed_by, note=self.note)
        if not self.decision:
            yield say("activation", "waiting", lang)
            return
        at = _day(self.decided_at)
        yield say("activation", self.decision, lang, person=self.decided_by, at=at)
        if self.decision_note:
            yield say("activation", "note", lang, person=self.decided_by, note=self.decision_note)


def _listed(names: Sequence[str], lang: str) -> str:
    """Names in a row; of many only the first."""
    comma = "、" if lang == "zh" else ", "
    if len(names) <= LISTED:
        return comma.join(names)
    some = comma.join(names[: LISTED - 1])
    return say("list", "more", lang, some=some, count=str(len(names) - LISTED + 1))


def pack_versions(numbers: Collection[int]) -> dict[int, tuple[str, str, bytes]]:
    """Pack, version and digest of pack versions by their stored numbers."""
    rows = PackVersion.objects.filter(id__in=numbers)
    return {
        number: (code, version, bytes(digest))
        for number, code, version, digest in rows.values_list(
            "id", "pack__code", "version", "digest"
        )
    }


def catalogue_versions() -> list[VersionEntry]:
    """All versions of packs and programmes, by code and from old to new; [] if none is loaded."""
    packs = PackVersion.objects.order_by("pack__code", "valid_from").select_related("pack")
    programmes = ProgrammeVersion.objects.order_by("programme__code", "valid_from")
    rows: list[tuple[str, str, PackVersion | ProgrammeVersion]] = [
        *(("pack", row.pack.code, row) for row in packs),
        *(("programme", row.programme.code, row) for row in programmes.select_related("programme")),
    ]
    if not rows:
        return []
    library, waiting, activated = loaded_library(), open_proposals(), activated_versions()
    spans = _spans(activated_rules(library, activated))
    found = []
    for kind, code, row in rows:
        name = f"{code}@{row.version}"
        state = "superseded" if name in activated else "loaded"
        state = "activated" if name in spans else state
        entry = VersionEntry(
            kind=kind,
            code=code,
            version=row.version,
            title=_title(kind, code, row.version, library),
            state="proposed" if name in waiting and state == "loaded" else state,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            in_force=spans.get(name),
            loaded_at=row.loaded_at,
            proposal_id=waiting.get(name),
        )
        found.append(entry)
    return found


def activations() -> list[ActivationEntry]:
    """All proposals of activation with their decisions, the latest first."""
    names: dict[int, list[str]] = {}
    # Programmes come before their packs.
    for item in ActivationItem.objects.order_by("programme_version", "id").select_related(
        "activation", "pack_version__pack", "programme_version__programme"
    ):
        names.setdefault(item.activation.id, []).append(item_name(item))
    proposals = Activation.objects.order_by("-id").select_related("decision")
    return [_activation(proposal, names[proposal.id]) for proposal in proposals]


def _activation(proposal: Activation, versions: list[str]) -> ActivationEntry:
    decided = getattr(proposal, "decision", None)
    return ActivationEntry(
        id=proposal.id,
        versions=tuple(versions),
        from_day=proposal.from_day,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        note=proposal.note,
        decision=decided.decision if decided else "",
        decided_by=decided.decided_by if decided else "",
        decided_at=decided.decided_at if decided else None,
        decision_note=decided.note if decided else "",
    )


def _title(kind: str, code: str, version: str, library: PackLibrary) -> Text:
    if kind == "programme":
        return library.programmes[code].title
    return next(e.definition.title for e in library.packs[code] if e.version == version)


def _spans(rules: Rulebook) -> dict[str, tuple[int, int]]:
    programmes = {code: programme.versions for code, programme in rules.programmes.items()}
    return {
        f"{code}@{version.version}": (version.valid_from, version.valid_to)
        for own in (rules.packs, programmes)
        for code, versions in own.items()
        for version in versions
    }


def _day(instant: datetime | None) -> str:
    return "" if instant is None else instant.date().isoformat()
