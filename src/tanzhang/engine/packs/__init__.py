"""Methodology packs: science as checked data.

A pack is a folder of readable YAML with worked examples; ``check`` is its compiler's tongue,
``load_packs`` gives a library of compiled packs and programmes, and ``build_rulebook`` makes of it
what settlement reads. The format is described in ``docs/reference/pack-format.md``.
"""

from tanzhang.engine.packs.checks import edition_of
from tanzhang.engine.packs.compiled import CompiledPack, FactorLine
from tanzhang.engine.packs.explain import Explanation, explain
from tanzhang.engine.packs.faults import Fault, FaultyPacks
from tanzhang.engine.packs.folder import default_folder
from tanzhang.engine.packs.given import columns_of
from tanzhang.engine.packs.library import PackLibrary, check, load_packs
from tanzhang.engine.packs.outside import library_with_programme
from tanzhang.engine.packs.programmes import ProgrammeFile
from tanzhang.engine.packs.rulebook import build_rulebook
from tanzhang.engine.packs.scenes import Scene
from tanzhang.engine.packs.tree import Text

__all__ = [
    "CompiledPack",
    "Explanation",
    "FactorLine",
    "Fault",
    "FaultyPacks",
    "PackLibrary",
    "ProgrammeFile",
    "Scene",
    "Text",
    "build_rulebook",
    "check",
    "columns_of",
    "default_folder",
    "edition_of",
    "explain",
    "library_with_programme",
    "load_packs",
]
