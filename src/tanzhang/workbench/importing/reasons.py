"""The sentence behind a result's code, in the reader's language."""

from __future__ import annotations

from tanzhang.engine.mapping import FieldMapping
from tanzhang.problems import sentences


def reason(code: str, mapping: FieldMapping, lang: str) -> str:
    """What ``code`` means: the mapping's own words for its rules, else the catalogue's.

    A code that neither knows is the name of a bound of the pack.
    """
    for rule in mapping.rules:
        if rule.code == code:
            return rule.zh if lang == "zh" else rule.en
    known = sentences()
    for key in (f"imports.row_{code}", f"door.{code}"):
        if key in known:
            return known[key][lang]["what"]
    return known["imports.row_out_of_bounds"][lang]["what"]
