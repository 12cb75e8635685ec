"""Which key store: ``TANZHANG_KEYS`` says its kind and place, ``TANZHANG_KEYS_PASSWORD`` opens it.

``file:DIRECTORY``
    Private keys in files, encrypted if there is a password. The default, in ``keys`` of the home
    directory. The only kind that can make missing keys by itself.
``pkcs11:token=NAME;object=LABEL?module-path=PATH&directory=DIRECTORY``
    P-256 keys that sign stay within the token; all others are kept wrapped under its AES key LABEL.
    The password is the token's PIN. The form is that of RFC 7512; ``directory`` is ours.
``wrapped:token=NAME;object=LABEL?module-path=PATH&directory=DIRECTORY``
    All private keys are kept wrapped, none is made inside.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from tanzhang.crypto.keystore.custody import Custody, PemCustody
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.problems import Problem

_WRAPPING_LABEL = "tanzhang-wrapping"


def open_store(
    home: Path, environment: Mapping[str, str] | None = None, *, makes_missing: bool = True
) -> DirectoryStore:
    """The store that the environment names.

    ``makes_missing`` is for a store in files: whether it may make its first keys by itself.

    Raises ``crypto.store_unknown``, and ``crypto.pkcs11_absent`` if the Python package is missing.
    """
    variables = os.environ if environment is None else environment
    url = variables.get("TANZHANG_KEYS", "").strip() or "file:"
    password = variables.get("TANZHANG_KEYS_PASSWORD", "")
    kind, _, rest = url.partition(":")
    if kind == "file":
        folder = Path(rest) if rest else home / "keys"
        return DirectoryStore(folder, PemCustody(password), makes_missing=makes_missing)
    if kind in ("pkcs11", "wrapped"):
        said = _attributes(rest)
        if said.keys() <= {"token", "object", "module-path", "directory"} and (
            said.get("token") and said.get("module-path")
        ):
            folder = Path(said.get("directory") or home / "keys")
            return DirectoryStore(folder, _by_token(kind, said, password), makes_missing=False)
    raise Problem("crypto.store_unknown", kind=kind)


def _by_token(kind: str, said: Mapping[str, str], pin: str) -> Custody:
    try:
        from tanzhang.crypto.keystore.hardware import TokenCustody, WrappedCustody
        from tanzhang.crypto.keystore.token import Token
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("tanzhang"):
            raise
        raise Problem("crypto.pkcs11_absent") from missing
    token = Token(said["module-path"], said["token"], pin)
    custody = TokenCustody if kind == "pkcs11" else WrappedCustody
    return custody(token, said.get("object") or _WRAPPING_LABEL)


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a PKCS#11 URI, those before the question mark and those behind it."""
    path, _, query = text.partition("?")
    pairs = [part.partition("=") for part in (*path.split(";"), *query.split("&")) if part]
    return {name: unquote(value) for name, _, value in pairs}
