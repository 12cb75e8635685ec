"""The one list of signals."""

from __future__ import annotations

from tanzhang.engine.authenticity.rules import Authenticity
from tanzhang.engine.authenticity.signals import SIGNALS, SignalKind


def test_every_signal_has_both_languages_and_choices_have_words() -> None:
    for name, signal in SIGNALS.items():
        assert signal.zh and signal.en, name
        assert bool(signal.values) == (signal.kind is SignalKind.CHOICE), name


def test_no_signal_is_a_place_or_a_track() -> None:
    assert not {"latitude", "longitude", "track", "location", "imei"} & set(SIGNALS)


def test_the_device_has_a_place_of_its_own() -> None:
    rules = Authenticity(amount="steps", signals=("recording", "device", "bouts"))
    assert rules.slots == ("recording", "bouts")
