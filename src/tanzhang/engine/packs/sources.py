"""Where a figure comes from: a text in both languages beside every number.

A pack writes its sources where its figures stand, so that the folder reads by itself. Long lists
(``registered.yaml``, ``seed_figures.yaml``) name theirs once, on top.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tanzhang.engine.packs.tree import Block, Node, Text
from tanzhang.engine.units import ATOMS

_WORD = re.compile(r"[^\W\d_]\w*")
_CHINESE = re.compile(r"[\u2e80-\u9fff]")


def read_source(block: Block) -> Text:
    """What stands under ``source``: ``{zh: …, en: …}``, or a calculation.

    A missing source or language is recorded; the answer then has an empty text.
    """
    node = block.get("source")
    if node is None or node.value in ("", {}):
        block.faults.add(node or block.node, "packs.source_missing")
        return Text("", "")
    return _read(node, block, "source")


def read_sources(block: Block) -> Mapping[str, Text]:
    """The sources that a file names under ``sources``, by name."""
    named = block.block("sources", required=True)
    if named is None:
        return {}
    return {name: _read(node, named, name) for name, node in named.entries.items()}


def named_source(block: Block, sources: Mapping[str, Text]) -> Text:
    """The source whose name stands under ``source``; an unknown one is recorded."""
    return sources.get(block.choice("source", tuple(sources)), Text("", ""))


def _read(node: Node, block: Block, key: str) -> Text:
    if not isinstance(node.value, str):
        return block.titled(key)
    text = node.value.strip()
    if not is_calculation(text):
        missing = "en" if _CHINESE.search(text) else "zh"
        block.faults.add(node, "packs.language_missing", key=key, language=missing)
    return Text(text, text)


def is_calculation(text: str) -> bool:
    """Whether a text is of numbers, signs and units only: it reads the same in every language."""
    return all(word in ATOMS for word in _WORD.findall(text))
