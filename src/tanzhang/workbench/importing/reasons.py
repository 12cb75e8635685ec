"""The sentence behind a result's code, in the reader's language."""

from __future__ import annotations

from tanzhang.engine.mapping import FieldMapping
from tanzhang.problems import sentences

#: Rooms whose sentences stand behind the door's codes, in the order in which they are asked.
_ROOMS = ("activities", "people", "partners", "catalogue")


def reason(code: str, mapping: FieldMapping, lang: str) -> str:
    """What ``code`` means: the mapping's own words for its rules, else the catalogue's."""
    for rule in mapping.rules:
        if rule.code == code:
            return rule.zh if lang == "zh" else rule.en
    known = sentences()
    for key in (f"imports.row_{code}", *(f"{room}.{code}" for room in _ROOMS)):
        if key in known:
            return known[key][lang]["what"]
    return code
