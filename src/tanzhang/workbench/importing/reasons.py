"""The sentence behind a result's code, in the reader's language."""

from __future__ import annotations

from tanzhang.engine.mapping import FieldMapping
from tanzhang.problems import sentences

#: Where sentences for codes of rows stand in the catalogue, in the order in which they are asked.
_CODES = ("imports.row_", "door.")


def reason(code: str, mapping: FieldMapping, lang: str) -> str:
    """What ``code`` means: the mapping's own words for its rules, else the catalogue's.

    A code that neither knows is the name of a bound of the pack.
    """
    for rule in mapping.rules:
        if rule.code == code:
            return rule.zh if lang == "zh" else rule.en
    known = sentences()
    for prefix in _CODES:
        if prefix + code in known:
            return known[prefix + code][lang]["what"]
    return known["imports.row_out_of_bounds"][lang]["what"]
