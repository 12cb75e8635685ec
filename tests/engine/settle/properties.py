"""What the property suites compare."""

from __future__ import annotations

from .plain import Verdicts


def differences(said: Verdicts, wanted: Verdicts) -> str:
    """The events on which two answers differ, one a line."""
    lines = [
        f"event {key}: said {said.get(key)!r}\n      wanted {wanted.get(key)!r}"
        for key in sorted(said.keys() | wanted.keys())
        if said.get(key) != wanted.get(key)
    ]
    return "\n".join(["answers differ", *lines])


def same(said: Verdicts, wanted: Verdicts) -> None:
    """Both answers are one; otherwise the failure lists only what differs."""
    assert said == wanted, differences(said, wanted)
