"""Small packs folders for the tests: one good pack, and whatever a test changes in its text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tanzhang.engine.packs import Fault, PackLibrary, check, load_packs

VOCABULARY = """\
classes:
  trip:
    title: {zh: 出行, en: trip}
    overlap: true
    why: {zh: 同一时刻, en: one at a time}
  bill:
    title: {zh: 账单, en: bill}
    once: month
    shared: true
    why: {zh: 一月一次, en: once a month}
"""

FACTORS = """\
id: grid
unit: kg/kWh
title: {zh: 电网, en: grid}
years:
  2021: {kind: secondary, source: {zh: 某部, en: a ministry}}
  2022: {kind: published, source: {zh: 某部, en: a ministry}}
rows:
  here: {zh: 此处, en: here, 2021: 0.5, 2022: 0.4}
"""

PACK = """\
id: ride
version: "1"
status: published
title: {zh: 骑行, en: ride}
issuer: {zh: 发布者, en: issuer}
document: {zh: 文件, en: document}
kind_of_standard: report
life_stage: use
region: CN
valid_from: 2020-01-01
author: somebody
review:
  by: {zh: 某人, en: somebody else}
  on: 2026-01-01

inputs:
  distance_m:
    title: {zh: 里程, en: distance}
    unit: m
    minimum: 0
    maximum: 100000

factors:
  per_km:
    title: {zh: 每公里, en: per km}
    value: 48.70
    unit: g/km
    kind: published
    source: {zh: 一份报告, en: a report}

formula: distance_m * per_km

conflict_class: trip

limits:
  daily:
    amount: 200 g
    per: day
    kind: published
    source: {zh: 一份报告, en: a report}

bounds:
  lasts_over_a_day:
    duration: {at_most: 24 h}

explanation: {zh: "骑行 {distance_m}，减少 {reduction}。", en: "{distance_m} avoid {reduction}."}
"""

EXAMPLES = """\
examples:
  - {inputs: {distance_m: 1 km}, reduction_mg: 48700, source: {zh: 该报告, en: the report}}
  - {inputs: {distance_m: 2300}, reduction_mg: 112010, source: {zh: 该报告, en: the report}}
  - {inputs: {distance_m: 0}, reduction_mg: 0, source: {zh: 无, en: nothing}}
"""

PROGRAMME = """\
id: city
title: {zh: 城市, en: city}
operator: {zh: 运营, en: operator}
notes: {zh: 说明, en: notes}
time_zone: Asia/Shanghai
partners:
  bikes: {title: {zh: 单车, en: bikes}}
versions:
  - version: "1"
    valid_from: 2020-01-01
    valid_to: 2021-01-01
    scenes:
      bike: {title: {zh: 单车, en: bike}, pack: ride, partners: [bikes]}
    limits:
      daily_all:
        {scope: account, amount: 1 kg, per: day, kind: assumption, source: {zh: 自定, en: ours}}
    replaces:
      - {pack: ride, limit: daily, amount: 100 g, kind: assumption, source: {zh: 自定, en: ours}}
    points: {grams_per_point: 10 g, daily_max: 20, kind: assumption, source: {zh: 自定, en: ours}}
  - version: "2"
    valid_from: 2021-01-01
    scenes:
      bike: {title: {zh: 单车, en: bike}, pack: ride, partners: [bikes]}
    points:
      per_act: {ride: 5}
      expires_after_years: 1
      kind: assumption
      source: {zh: 自定, en: ours}
"""

Edit = tuple[str, str]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with each first string, which must be in it once, replaced by the second."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def write_folder(
    folder: Path,
    *pack_edits: Edit,
    examples: Iterable[Edit] = (),
    vocabulary: Iterable[Edit] = (),
    factors: Iterable[Edit] = (),
    programme: Iterable[Edit] | None = None,
) -> Path:
    """Writes a packs folder with one pack, and a programme if its edits are given."""
    home = folder / "methodologies" / "ride"
    write(folder / "vocabulary.yaml", edited(VOCABULARY, vocabulary))
    write(folder / "factors" / "grid.yaml", edited(FACTORS, factors))
    write(home / "pack.yaml", edited(PACK, pack_edits))
    write(home / "examples.yaml", edited(EXAMPLES, examples))
    if programme is not None:
        write(folder / "programmes" / "city" / "programme.yaml", edited(PROGRAMME, programme))
    return folder


def add_version(folder: Path, *pack_edits: Edit, name: str = "second") -> Path:
    """Adds another version of the pack, in a folder below the first."""
    home = folder / "methodologies" / "ride" / name
    write(home / "pack.yaml", edited(PACK, pack_edits))
    write(home / "examples.yaml", EXAMPLES)
    return home


def write(file: Path, text: str) -> None:
    """Writes a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def found(folder: Path) -> list[tuple[str, str, int]]:
    """Every fault as (code, file name, line)."""
    return [(fault.code, fault.file.name, fault.line) for fault in faults_of(folder)]


def faults_of(folder: Path) -> list[Fault]:
    """Every fault; each can be said in both languages."""
    faults = check(folder)
    for fault in faults:
        assert fault.text("en")
        assert fault.text("zh")
    return faults


def loaded(folder: Path) -> PackLibrary:
    """The library of a folder without faults."""
    return load_packs(folder)
