"""What can go wrong, said once and in two languages.

Every problem has a stable code (``room.noun_problem``) and three sentences in English and in
Chinese: *what* happened, *why* it matters or came about, and what to do *now*. The sentences are
data, in the YAML files beside this module, one file a room; a test holds them complete.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("en", "zh")
PARTS = ("what", "why", "now")


class Problem(Exception):
    """A refusal with a stable code, to be shown to a person in her language.

    ``details`` fill the placeholders of the sentences and go into machine-readable answers as they
    are, so they never hold personal data.
    """

    def __init__(self, code: str, **details: Any) -> None:
        self.code = code
        self.details = details
        super().__init__(f"{code}: {self.text('en')}")

    def part(self, part: str, lang: str) -> str:
        """One of the three sentences: ``what``, ``why`` or ``now``."""
        sentence: str = sentences()[self.code][lang][part]
        return sentence.format(**self.details)

    def text(self, lang: str = "en") -> str:
        """All three sentences as one paragraph."""
        joint = " " if lang == "en" else ""
        return joint.join(self.part(part, lang) for part in PARTS)


@cache
def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """Every code with its sentences: ``sentences()[code][lang][part]``."""
    catalogue: dict[str, dict[str, dict[str, str]]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            loaded = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            repeated = catalogue.keys() & loaded.keys()
            if repeated:
                raise ValueError(f"problem codes defined twice: {sorted(repeated)}")
            catalogue |= loaded
    return catalogue
