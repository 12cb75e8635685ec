"""The self-test passes here, and notices each primitive that answers wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tanzhang.crypto import known_answers, p256, sealing, self_test as run, sm2
from tanzhang.problems import Problem


def test_it_passes_here() -> None:
    run()


def always(answer: Any) -> Callable[..., Any]:
    return lambda *_, **__: answer


def changed_behind(real: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *given: real(*given)[:-1] + b"\0"


@pytest.mark.parametrize(
    ("primitive", "where", "name", "instead"),
    [
        ("SM3", known_answers, "sm3", always(bytes(32))),
        ("SHA-256", known_answers, "sha256", always(bytes(32))),
        ("SM4-GCM", known_answers, "open_sealed", always(b"anything")),
        ("SM4-GCM", known_answers, "seal", always(sealing.Sealed(bytes(12), b"", bytes(16)))),
        ("SM2 signature", sm2.Sm2Public, "verify", always(True)),
        ("SM2 signature", sm2.Sm2Public, "verify", always(False)),
        ("SM2 signature", sm2.Sm2Private, "sign", always(bytes(70))),
        ("SM2 signature", sm2, "DISTINGUISHING_ID", b"another ID"),
        ("SM2 encryption", sm2.Sm2Private, "unwrap", always(b"encryption standard")),
        ("SM2 encryption", sm2.Sm2Public, "wrap", changed_behind(sm2.Sm2Public.wrap)),
        ("P-256 signature", p256.P256Public, "verify", always(True)),
        ("P-256 signature", p256.P256Private, "sign", always(bytes(70))),
        ("P-256 encryption", p256.P256Private, "unwrap", always(bytes(range(16)))),
    ],
)
def test_it_names_the_primitive_that_answers_wrongly(
    monkeypatch: pytest.MonkeyPatch, primitive: str, where: Any, name: str, instead: Any
) -> None:
    monkeypatch.setattr(where, name, instead)
    with pytest.raises(Problem, match=r"crypto\.self_test_failed") as refusal:
        run()
    assert refusal.value.details == {"primitive": primitive}
