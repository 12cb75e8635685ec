"""Writes: a version counts once one person proposed it and another approved it.

Everything here runs in the caller's transaction if there is one, and holds the catalogue's lock to
its end, so that two activations cannot both believe that they found the same rules in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction

from tanzhang.apps.catalogue.changes import RulesChange
from tanzhang.apps.catalogue.models import Activation, ActivationDecision, ActivationItem
from tanzhang.apps.catalogue.previews import rules_change
from tanzhang.apps.catalogue.stored import (
    activated_versions,
    loaded_library,
    lock_catalogue,
    open_proposals,
)
from tanzhang.apps.catalogue.targets import Target, check_scenes, find_targets, once_activated
from tanzhang.engine.packs.activated import activated_rules, reach
from tanzhang.engine.packs.tree import write_day
from tanzhang.problems import Problem

#: Who activates what is loaded into an empty catalogue; no person may have this name.
INSTALLATION: Final = "installation"


@transaction.atomic
def propose_activation(names: Iterable[str], *, from_day: int, by: str, note: str = "") -> int:
    """Propose that versions (``meituan-bike@2``) count from a local day on; the proposal's number.

    A pack's version brings all its editions. Raises ``catalogue.person_missing``,
    ``catalogue.version_unknown``, ``catalogue.version_unpublished``, ``catalogue.proposal_open``,
    ``catalogue.activation_without_days``, ``catalogue.activation_without_effect`` and
    ``catalogue.scene_not_in_force``.
    """
    lock_catalogue()
    who = _person(by)
    targets = find_targets(names)
    _refuse_open([target.name for target in targets])
    for target in targets:
        if max(from_day, target.valid_from) >= target.end and not target.earlier_edition:
            end = write_day(target.end - 1)
            raise Problem("catalogue.activation_without_days", version=target.name, end=end)
    library, before = loaded_library(), activated_versions()
    after = activated_rules(library, once_activated(before, targets, from_day))
    if reach(activated_rules(library, before), after) is None:
        named = ", ".join(target.name for target in targets)
        raise Problem("catalogue.activation_without_effect", version=named)
    check_scenes(after)
    return _store(targets, from_day, who, note)


@transaction.atomic
def approve_activation(proposal_id: int, *, by: str, note: str = "") -> RulesChange:
    """Put a proposal into force; whose acts may come out differently by it.

    Acts of past days must be settled again by the caller, in this transaction: see
    ``activities.api``. Raises ``catalogue.same_person``, ``catalogue.person_missing``,
    ``catalogue.proposal_unknown``, ``catalogue.proposal_decided`` and
    ``catalogue.scene_not_in_force``.
    """
    lock_catalogue()
    proposal = _open_proposal(proposal_id)
    if _same(by, proposal.proposed_by):
        raise Problem("catalogue.same_person", person=proposal.proposed_by)
    library = loaded_library()
    before = activated_rules(library, activated_versions())
    _decide(proposal, "approved", by, note)
    after = activated_rules(library, activated_versions())
    check_scenes(after)
    return rules_change(before, after, proposal.from_day)


@transaction.atomic
def refuse_activation(proposal_id: int, *, by: str, note: str = "") -> None:
    """Another person refuses a proposal, which then never comes into force.

    Raises what ``approve_activation`` raises.
    """
    lock_catalogue()
    proposal = _open_proposal(proposal_id)
    if _same(by, proposal.proposed_by):
        raise Problem("catalogue.same_person", person=proposal.proposed_by)
    _decide(proposal, "refused", by, note)


@transaction.atomic
def withdraw_activation(proposal_id: int, *, by: str, note: str = "") -> None:
    """The proposer takes a proposal back.

    Raises ``catalogue.other_person``, ``catalogue.proposal_unknown`` and
    ``catalogue.proposal_decided``.
    """
    lock_catalogue()
    proposal = _open_proposal(proposal_id)
    if not _same(by, proposal.proposed_by):
        raise Problem("catalogue.other_person", person=proposal.proposed_by)
    _decide(proposal, "withdrawn", by, note)


def install(names: Sequence[str]) -> None:
    """Activate what was loaded into an empty catalogue, from each version's own first day.

    The database takes one installation only.
    """
    targets = find_targets(names)
    first = min(target.valid_from for target in targets)
    library = loaded_library()
    check_scenes(activated_rules(library, once_activated({}, targets, first)))
    number = _store(targets, first, INSTALLATION, "")
    _decide(Activation.objects.get(pk=number), "installed", INSTALLATION, "", person=False)


def nothing_activated() -> bool:
    """Whether the catalogue is that of a new installation."""
    return not Activation.objects.exists()


def _store(targets: Sequence[Target], from_day: int, by: str, note: str) -> int:
    proposal = Activation.objects.create(from_day=from_day, proposed_by=by, note=note)
    ActivationItem.objects.bulk_create(
        ActivationItem(
            activation=proposal,
            end=target.end,
            pack_version_id=target.row_id if target.is_pack else None,
            programme_version_id=None if target.is_pack else target.row_id,
        )
        for target in targets
    )
    return int(proposal.pk)


def _decide(
    proposal: Activation, decision: str, by: str, note: str, *, person: bool = True
) -> None:
    ActivationDecision.objects.create(
        activation=proposal,
        decision=decision,
        proposed_by=proposal.proposed_by,
        decided_by=_person(by) if person else by,
        note=note,
    )


def _open_proposal(proposal_id: int) -> Activation:
    found = Activation.objects.filter(pk=proposal_id).first()
    if found is None:
        raise Problem("catalogue.proposal_unknown", proposal=proposal_id)
    decided = ActivationDecision.objects.filter(pk=proposal_id).first()
    if decided is not None:
        raise Problem(
            "catalogue.proposal_decided",
            proposal=proposal_id,
            person=decided.decided_by,
            day=decided.decided_at.date().isoformat(),
        )
    return found


def _refuse_open(names: Iterable[str]) -> None:
    waiting = open_proposals()
    for name in names:
        if name in waiting:
            raise Problem("catalogue.proposal_open", version=name, proposal=waiting[name])


def _person(name: str) -> str:
    stripped = name.strip()
    if not stripped or stripped.lower() == INSTALLATION:
        raise Problem("catalogue.person_missing")
    return stripped


def _same(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()
