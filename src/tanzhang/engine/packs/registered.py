"""Methodologies that are known by title only: what each would need to become a pack.

They credit nobody. They are listed so that a title is never mistaken for a method, and so that
whoever finds the missing figures knows where they belong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanzhang.engine.packs.definition import STANDARD_KINDS
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.read_pack import ID
from tanzhang.engine.packs.sources import named_source, read_sources
from tanzhang.engine.packs.tree import Block, Text, read_tree


@dataclass(frozen=True, slots=True)
class Registered:
    """One methodology without its figures."""

    id: str
    title: Text
    issuer: Text
    document_number: str  #: empty where it has none, or none is known
    issued: str  #: as the source has it: a day, a month or a year
    standard: str
    region: str
    missing: Text  #: what keeps it from being a pack
    source: Text
    stand_ins: tuple[str, ...]  #: packs that count the same behaviour by other figures

    def as_json(self) -> dict[str, Any]:
        """For scripts; texts in both languages."""
        return {
            "id": self.id,
            "title": {"zh": self.title.zh, "en": self.title.en},
            "issuer": {"zh": self.issuer.zh, "en": self.issuer.en},
            "document_number": self.document_number,
            "issued": self.issued,
            "kind_of_standard": self.standard,
            "region": self.region,
            "missing": {"zh": self.missing.zh, "en": self.missing.en},
            "source": {"zh": self.source.zh, "en": self.source.en},
            "stand_ins": list(self.stand_ins),
        }


def read_registered(file: Path, packs: Collection[str], faults: Faults) -> dict[str, Registered]:
    """The entries of a file by id; what contradicts the packs is recorded."""
    found: dict[str, Registered] = {}
    with faults.at(Place(file, 1)):
        root = Block(read_tree(file), faults)
        sources = read_sources(root)
        for name, block in root.blocks("registered"):
            found[name] = _read_entry(name, block, packs, sources)
        root.close()
    return found


def _read_entry(
    name: str, block: Block, packs: Collection[str], sources: Mapping[str, Text]
) -> Registered:
    if not ID.fullmatch(name):
        block.faults.add(block.node, "packs.name_malformed", name=name)
    if name in packs:
        block.faults.add(block.node, "packs.registered_is_pack", id=name)
    stand_ins = tuple(node.scalar() for node in block.items("stand_ins"))
    for pack in stand_ins:
        if pack not in packs:
            place, known = block.get("stand_ins") or block.node, ", ".join(packs)
            block.faults.add(place, "packs.pack_unknown", pack=pack, known=known)
    entry = Registered(
        id=name,
        title=block.titled("title"),
        issuer=block.titled("issuer"),
        document_number=block.text("document_number", required=False),
        issued=block.text("issued", required=False),
        standard=block.choice("kind_of_standard", STANDARD_KINDS),
        region=block.text("region"),
        missing=block.titled("missing"),
        source=named_source(block, sources),
        stand_ins=stand_ins,
    )
    block.close()
    return entry
