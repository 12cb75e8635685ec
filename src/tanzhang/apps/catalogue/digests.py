"""What decides amounts, as a digest: two versions with the same name must be the same rules.

Titles, notes and examples may be corrected later, and a version's last day may be set later; any
other change needs a version of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from tanzhang.engine.log import sm3
from tanzhang.engine.packs import CompiledPack
from tanzhang.engine.rules import ProgrammeVersion


def pack_digest(edition: CompiledPack) -> bytes:
    """SM3 over the rules, the formula's text and the figures of one edition, but for its end.

    A figure's source is part of it, in Chinese: the translation may be polished at any time. What a
    pack says against fabricated acts is part of it too, if it says anything.
    """
    section = edition.definition.authenticity
    against_fabrication = {} if section is None else {"authenticity": section.rules}
    return _digest(
        **against_fabrication,
        rules=replace(edition.rules, valid_to=0),
        steps=[(step.name, step.text) for step in edition.definition.steps],
        factors=[line.as_json("zh") for line in edition.factors],
    )


def programme_digest(version: ProgrammeVersion) -> bytes:
    """SM3 over the rules of one version, but for its end."""
    return _digest(rules=replace(version, valid_to=0))


def _digest(**parts: Any) -> bytes:
    return sm3(json.dumps(_plain(parts), sort_keys=True, ensure_ascii=False).encode())


def _plain(value: Any) -> Any:
    """Any rule as lists, mappings, numbers and texts. Functions have no text and are left out."""
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.compare}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
