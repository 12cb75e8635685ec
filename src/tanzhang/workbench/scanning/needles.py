"""The forms in which a text may lie somewhere: spelled, encoded, hashed, or as one of our own keys.

A name that is not found as it is typed may still be there in other letters, as base64 or as a
digest; a phone may be there as the keyed hash by which it is looked up, which is as good as the
number to whoever has the secret.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tanzhang.apps.activities.api import thing_key
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

#: One letter is found everywhere.
SHORTEST: Final = 2

_DIGESTS: Final = ("sm3", "sha256", "sha1", "md5")
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_CHINESE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")

#: The ASCII signs that have a wide twin, and those twins.
_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for. ``texts`` are lower-case and found in any case; ``raws`` are bytes.

    ``numbers`` are the forms that a column of whole numbers could hold.
    """

    texts: tuple[str, ...]
    raws: tuple[bytes, ...]
    numbers: tuple[str, ...]

    def is_in_text(self, text: str) -> bool:
        """Whether any form stands in a text."""
        lowered = text.lower()
        return any(form in lowered for form in self.texts)

    def is_in_bytes(self, content: bytes) -> bool:
        """Whether any form lies in these bytes."""
        lowered = content.lower()
        return any(form.encode() in lowered for form in self.texts) or any(
            form in content for form in self.raws
        )

    @property
    def longest_bytes(self) -> int:
        """The length of the longest form."""
        return max(len(form) for form in (*self.raws, *(text.encode() for text in self.texts)))


def needle(text: str) -> Needle:
    """Every form of a text that is looked for. Raises ``privacy.needle_short``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) < SHORTEST:
        raise Problem("privacy.needle_short", shortest=SHORTEST)
    spelled = _spellings(plain)
    raws = {form.encode(encoding) for form in spelled for encoding in _ENCODINGS}
    keyed = {*_keyed(plain), *_digests(spelled)}
    texts = {form for one in spelled for form in _written(one)}
    for key in keyed:
        texts |= {key.hex(), *_base64(key)}
    for code in partner_codes().values():  # a demonstration's handles hold a digest of the name
        texts.add(people.handles("", code, [plain])[0].rpartition("-")[2])
    return Needle(
        texts=tuple(sorted(form.lower() for form in texts)),
        raws=tuple(sorted(raws | keyed)),
        numbers=tuple(
            sorted({form.lstrip("+") for form in spelled if form.lstrip("+").isdecimal()})
        ),
    )


def _spellings(plain: str) -> set[str]:
    """The text as people write it; of a phone number also with a country, in groups."""
    found = {plain, plain.translate(_WIDE)}
    compact = re.sub(r"[\s().\-–]", "", plain)
    if number := _CHINESE.fullmatch(compact):
        own = number[1]
        groups = (own[:3], own[3:7], own[7:])
        written = {own, *(sign.join(groups) for sign in (" ", "-"))}
        found |= written | {prefix + form for form in written for prefix in ("+86", "86", "+86 ")}
        found |= {form.translate(_WIDE) for form in tuple(found)}
    return found


def _written(form: str) -> Iterable[str]:
    """A spelling as text files and tables may write it."""
    yield form
    yield quote(form)
    yield json.dumps(form)[1:-1]
    yield form.encode().hex()
    yield from _base64(form.encode())


def _base64(content: bytes) -> set[str]:
    """What stays the same of a content in base64, wherever in a longer text it begins."""
    found = set()
    for before in range(3):
        padded = bytes(before) + content
        whole = len(padded) - len(padded) % 3
        text = base64.b64encode(padded[:whole]).decode("ascii")[(before * 4 + 2) // 3 :]
        if len(text) >= 6:
            found |= {text, text.replace("+", "-").replace("/", "_")}
    return found


def _digests(spelled: Iterable[str]) -> set[bytes]:
    return {hashlib.new(name, form.encode()).digest() for name in _DIGESTS for form in spelled}


def _keyed(plain: str) -> set[bytes]:
    """What this installation itself makes of such a text, in order to find it again."""
    secret = people.installation_secret()
    found = {people.person_refs(secret, code, [plain])[0] for code in partner_codes().values()}
    found |= {people.subject_index(channel, plain) for channel in people.Channel}
    found.add(thing_key(secret, plain))
    try:
        with bulk_transaction() as cursor:
            found.update(people.phone_indexes(cursor, plain).every)
    except Problem as problem:
        if problem.code != "people.phone_malformed":
            raise
    return found
