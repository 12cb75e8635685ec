"""All rules of an installation in one value, for settlement."""

from __future__ import annotations

from collections.abc import Iterable

from tanzhang.engine.packs.activated import Activated, in_force, version_name
from tanzhang.engine.packs.library import PackLibrary
from tanzhang.engine.packs.programmes import ProgrammeFile
from tanzhang.engine.rules import Programme, Rulebook
from tanzhang.problems import Problem


def build_rulebook(
    library: PackLibrary,
    programmes: Iterable[Programme | ProgrammeFile | str] | None = None,
) -> Rulebook:
    """The rulebook of all packs that are past their draft and of some programmes (default: all).

    This is what the files say, each version counting from its own first day; what is in force in
    an installation is decided there (``activated_rules``).

    Both in sorted id order, so that an index names the same pack wherever the same files are.
    Raises Problem ``packs.programme_unknown``.
    """
    wanted = library.programmes.values() if programmes is None else programmes
    rules = [_rules(library, programme) for programme in wanted]
    activated = {
        version_name(edition.id, edition.version): Activated(
            edition.rules.valid_from, edition.definition.valid_to
        )
        for editions in library.packs.values()
        for edition in editions
        if edition.definition.status != "draft"
    }
    packs = {
        pack_id: in_force(pack_id, [edition.rules for edition in editions], activated)
        for pack_id, editions in sorted(library.packs.items())
    }
    return Rulebook(
        packs={pack_id: versions for pack_id, versions in packs.items() if versions},
        programmes={rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)},
    )


def _rules(library: PackLibrary, programme: Programme | ProgrammeFile | str) -> Programme:
    if isinstance(programme, Programme):
        return programme
    if isinstance(programme, ProgrammeFile):
        return programme.rules
    if programme not in library.programmes:
        known = ", ".join(library.programmes)
        raise Problem("packs.programme_unknown", programme=programme, known=known)
    return library.programmes[programme].rules
