"""Where the lake's files are, and what its programme says in a second version."""

from __future__ import annotations

from collections.abc import Callable

from tanzhang.engine.packs import PackLibrary

#: A library with one text in one file replaced: ``edited(file, old, new)``.
Edit = Callable[[str, str, str], PackLibrary]

WALK = "methodologies/hankou-walk/pack.yaml"
LAKE = "programmes/lake/programme.yaml"

SECOND_LAKE = """
  - version: "2"
    valid_from: 2026-01-01
    scenes:
      bike:
        title: {zh: 骑行, en: riding}
        pack: meituan-bike
        partners: [bikes]
      walk:
        title: {zh: 步行, en: walking}
        state: planned
    points:
      grams_per_point: 2 g
      kind: assumption
      source: {zh: 测试, en: test}
"""
