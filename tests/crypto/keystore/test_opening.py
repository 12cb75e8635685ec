"""Which key store the environment names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem


def test_the_home_directory_has_the_keys_unless_another_is_named(tmp_path: Path) -> None:
    for variables, folder in (
        ({}, "home/keys"),
        ({"TANZHANG_KEYS": ""}, "home/keys"),
        ({"TANZHANG_KEYS": "file:"}, "home/keys"),
        ({"TANZHANG_KEYS": f" file:{tmp_path}/else where "}, "else where"),
    ):
        key = open_store(tmp_path / "home", variables).current(Purpose.SIGN)
        assert (tmp_path / folder / f"{key.key_id}.json").exists()


def test_the_environment_of_the_process_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_KEYS", f"file:{tmp_path}/named")
    key = open_store(tmp_path).current(Purpose.SIGN)
    assert (tmp_path / "named" / f"{key.key_id}.json").exists()


@pytest.mark.parametrize(
    "url",
    [
        "vault:anything",
        "/var/keys",
        "pkcs11:",
        "pkcs11:token=t",
        "wrapped:?module-path=/m.so",
        "wrapped:token=t;pin=1?module-path=/m.so",
    ],
)
def test_what_is_no_store_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(Problem, match=r"crypto\.store_unknown"):
        open_store(tmp_path, {"TANZHANG_KEYS": url})


def test_a_token_needs_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("tanzhang.crypto.keystore.")]:
        if name.rpartition(".")[2] in ("token", "hardware"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(Problem, match=r"crypto\.pkcs11_absent"):
        open_store(tmp_path, {"TANZHANG_KEYS": "wrapped:token=t?module-path=/m.so"})
