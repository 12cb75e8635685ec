"""What else a partner vouches for when it sends a person: claims, by which joining is decided.

As text: ``cardholder;card_kinds=credit,debit``. A claim is true, or names values. Which claims
there are, and what follows from them, is for programmes to say; here is their form alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from tanzhang.problems import Problem

#: Claim -> the values that it names; none for one that is simply true.
Claims = Mapping[str, tuple[str, ...]]

_VALUE: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_CLAIM: Final = re.compile(rf"([a-z][a-z_]{{0,31}})(?:=({_VALUE}(?:,{_VALUE}){{0,15}}))?", re.ASCII)

MOST_CLAIMS: Final = 16

#: What the text is filled up to a multiple of, so that its length says little.
PADDED_BYTES: Final = 64


def parse_claims(text: str) -> Claims:
    """Claims from their text. Raises ``partners.entry_invalid``; a name stands once."""
    found: dict[str, tuple[str, ...]] = {}
    parts = text.split(";") if text else []
    for part in parts:
        match = _CLAIM.fullmatch(part)
        if match is None or match[1] in found or len(parts) > MOST_CLAIMS:
            raise Problem("partners.entry_invalid")
        found[match[1]] = tuple(match[2].split(",")) if match[2] else ()
    return found


def write_claims(claims: Claims) -> str:
    """The text of claims."""
    return ";".join(
        f"{name}={','.join(values)}" if values else name for name, values in claims.items()
    )


def holding(claims: Claims, flags: Collection[str]) -> Claims:
    """The claims, and of those that name no values (``flags``) only the ones that hold.

    ``adult`` and ``adult=true`` say so. ``adult=no`` and ``adult=false`` say the contrary, and what
    any other value means nobody can know: neither is a claim.
    """
    return {
        name: () if name in flags else values
        for name, values in claims.items()
        if name not in flags or values in ((), ("true",))
    }


def claims_in(said: Mapping[str, Any], names: tuple[str, ...]) -> Claims:
    """The claims of these names among what an identity provider says: true, a text, or texts.

    What has another form is not there.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        value = said.get(name)
        if value is True:
            found[name] = ()
            continue
        values = value if isinstance(value, list) else [value]
        texts = [one for one in values if isinstance(one, str) and re.fullmatch(_VALUE, one)]
        if texts and len(texts) == len(values):
            found[name] = tuple(texts[:MOST_CLAIMS])
    return found
