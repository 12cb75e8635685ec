"""Signatures, digests, sealed fields, the profile PCA1 and our own keys. Knows no Django.

Everything that other floors need is exported here. What differs from, or adds to, the first plan of
this interface:

- ``open_store(home, environment=None)`` reads ``TANZHANG_KEYS`` and ``TANZHANG_KEYS_PASSWORD``
  from ``os.environ`` unless a mapping is given. Open it once a process and keep it: keys that
  others create or retire are seen at the next question.
- ``store.create(purpose, algorithm=SM2, active_from=now)``, ``store.retire(key_id, at)``; instants
  are aware datetimes, kept in whole seconds UTC.
- ``StoredKey.sign`` refuses outside the key's time (``crypto.key_inactive``) and for a key that
  unwraps (``crypto.purpose_wrong``). ``StoredKey.unwrap`` opens after the end too; whoever takes in
  something new asks ``stored.published.is_active(at)``.
- ``PublishedKey.is_endorsed_by(other)`` checks an endorsement; ``public_json(key)`` and
  ``from_public_json(said)`` are its form for pages and files.
- ``rotate(store, purpose, algorithm, now)`` announces a successor a day ahead and ends the old key
  a week after that; ``trusted(anchor_key_id, published)`` is what one handed-out key vouches for.
- ``PublicKey(...)`` itself raises ``crypto.key_malformed`` or ``crypto.key_unsupported``.
- ``seal`` and ``open_sealed`` take 16-byte keys; ``new_data_key()`` makes one. ``Sealed`` is
  ``(iv, ct, tag)``, and ``open_sealed(key, sealed, aad, cipher)``.
- ``request_string`` itself puts the method in upper and the host in lower case, drops ``:443`` and
  ``:80``, and cuts the content type's parameters. A control character in any line raises
  ``pca1.line_malformed``.
"""

from __future__ import annotations

from tanzhang.crypto.digests import sha256, sm3
from tanzhang.crypto.keys import (
    Algorithm,
    PrivateKey,
    PublicKey,
    generate,
    load_private,
    load_public,
)
from tanzhang.crypto.keystore import (
    ANNOUNCED_AHEAD,
    OVERLAP,
    KeyStore,
    PublishedKey,
    Purpose,
    StoredKey,
    from_public_json,
    open_store,
    public_json,
    rotate,
    trusted,
)
from tanzhang.crypto.known_answers import self_test
from tanzhang.crypto.pca1 import (
    Authorization,
    Profile,
    entry_string,
    event_string,
    parse_authorization,
    request_string,
    response_string,
)
from tanzhang.crypto.sealing import Cipher, Sealed, new_data_key, open_sealed, seal

__all__ = [
    "ANNOUNCED_AHEAD",
    "OVERLAP",
    "Algorithm",
    "Authorization",
    "Cipher",
    "KeyStore",
    "PrivateKey",
    "Profile",
    "PublicKey",
    "PublishedKey",
    "Purpose",
    "Sealed",
    "StoredKey",
    "entry_string",
    "event_string",
    "from_public_json",
    "generate",
    "load_private",
    "load_public",
    "new_data_key",
    "open_sealed",
    "open_store",
    "parse_authorization",
    "public_json",
    "request_string",
    "response_string",
    "rotate",
    "seal",
    "self_test",
    "sha256",
    "sm3",
    "trusted",
]
