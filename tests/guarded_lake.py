"""The lake with judged scenes: what its partners report comes with signals."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from apps.apps_world import PROGRAMME, RECEIVED_US, VOCABULARY_PACKS, instant
from tanzhang.apps.activities.api import REPORT, Acceptance, accept
from tanzhang.apps.activities.authenticity.signals import report_types
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs

PACKS = (*VOCABULARY_PACKS, "luzhou-plate")
PLATE = """
      plate:
        title: {zh: 光盘, en: clean plate}
        pack: luzhou-plate
        partners: [bikes]
        judged: true
"""

#: A day that an honest person walks.
HONEST = {
    "recording": 2,
    "attestation": 2,
    "device": "phone-ada",
    "mock_location": 0,
    "cadence_max": 130,
    "cadence_spread": 260,
    "active_min": 80,
    "bouts": 12,
    "places": 5,
    "displacement_m": 3600,
    "night_permille": 20,
}


def guarded_library(folder: Path, edits: dict[str, str] | None = None) -> PackLibrary:
    """The lake's packs with every scene judged; ``edits`` change texts of the walking pack."""
    whole, home = default_folder(), folder / "packs"
    for name in PACKS:
        shutil.copytree(whole / "methodologies" / name, home / "methodologies" / name)
    walk = home / "methodologies" / "hankou-walk" / "pack.yaml"
    text = walk.read_text(encoding="utf-8")
    for old, new in (edits or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    walk.write_text(text, encoding="utf-8")
    shutil.copy(whole / "vocabulary.yaml", home)
    shutil.copytree(whole / "factors", home / "factors")
    programme = home / "programmes" / "lake" / "programme.yaml"
    programme.parent.mkdir(parents=True)
    judged = PROGRAMME.replace("pack: hankou-walk", "pack: hankou-walk\n        judged: true")
    judged = judged.replace("      bill:\n", PLATE.lstrip("\n") + "      bill:\n")
    programme.write_text(judged, encoding="utf-8")
    return load_packs(home)


def walk(external_id: str, day: int = 1, *, person: str = "ada", **changes: Any) -> dict[str, Any]:
    """One day's steps; ``changes`` are columns, or signals by their plain names."""
    types = report_types()
    signals = {
        f"sig_{name}": changes.pop(name, HONEST.get(name))
        for name in (column.removeprefix("sig_") for column in types)
        if name in changes or name in HONEST
    }
    midnight = instant(f"2024-05-{day:02d} 00:00") - 8 * 3_600_000_000
    return {
        "external_id": external_id,
        "revision": 0,
        "withdrawn": False,
        "held": False,
        "person": person,
        "scene": "walk",
        "started_us": midnight,
        "ended_us": midnight + 22 * 3_600_000_000,
        "grade": 3,
        "item_key": None,
        "in_steps": 8000,
        **signals,
        **changes,
    }


def hand_in(*rows: dict[str, Any], received_us: int = RECEIVED_US) -> Acceptance:
    """Bring reports with their signals to the door."""
    schema: dict[str, Any] = dict(REPORT)
    for name in sorted({name for row in rows for name in row}):
        if name.startswith("in_"):
            schema[name] = pl.Int64
        elif name.startswith("sig_"):
            schema[name] = report_types()[name]
    frame = pl.DataFrame([{"row": n, **row} for n, row in enumerate(rows)], schema)
    return accept(frame, partner="bikes", programme="lake", received_us=received_us, enrol=True)


def answers(*rows: dict[str, Any], **more: Any) -> list[tuple[str, str | None]]:
    """Verdict and code of each row."""
    return [*hand_in(*rows, **more).verdicts.select("verdict", "code").iter_rows()]
