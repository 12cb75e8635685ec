"""Two programmes in two time zones over real packs, with a limit of every scope.

At the river a monthly limit over all accounts ties everything together; on the coast no limit
reaches from one scene to another.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tanzhang.engine.packs import PackLibrary, default_folder, load_packs

PACKS = (
    "beijing-appliance",
    "beijing-bike",
    "beijing-takeaway",
    "citic-ebill",
    "citic-payment",
    "hankou-walk",
    "meituan-bike",
    "shenzhen-electricity",
)

RIVER = """
id: river
title: {zh: 河边, en: The river}
operator: {zh: 测试, en: the tests}
notes: {zh: 仅供测试。, en: Only for tests.}
time_zone: Asia/Shanghai
accounts:
  person: {title: {zh: 个人, en: person}, points: {zh: 碳积分, en: points}}
  household: {title: {zh: 家庭, en: household}, points_of: person}
  team: {title: {zh: 团队, en: team}, points_of: person}
partners:
  bikes: {title: {zh: 单车, en: bikes}}
  bank: {title: {zh: 银行, en: bank}}
  grid: {title: {zh: 电网, en: grid}}
  shop: {title: {zh: 商店, en: shop}}
versions:
  - version: "1"
    valid_from: 2024-01-01
    scenes:
      bike: {title: {zh: 骑行, en: riding}, pack: meituan-bike, partners: [bikes, bank]}
      tour: {title: {zh: 郊游, en: touring}, pack: meituan-bike, partners: [bikes]}
      walk: {title: {zh: 步行, en: walking}, pack: hankou-walk, partners: [bikes]}
      bill: {title: {zh: 缴费, en: paying bills}, pack: citic-payment, partners: [bank, grid]}
      paper: {title: {zh: 电子账单, en: statements}, pack: citic-ebill, partners: [bank]}
      power: {title: {zh: 用电, en: electricity}, pack: shenzhen-electricity, partners: [grid]}
      order: {title: {zh: 外卖, en: take-away}, pack: beijing-takeaway, partners: [shop, bank]}
      fridge: {title: {zh: 家电, en: appliances}, pack: beijing-appliance, partners: [shop]}
    limits:
      daily:
        {scope: account, amount: 700 g, per: day, kind: assumption, source: {zh: 测试, en: test}}
      rides: {scope: scene, count: 3, per: week, kind: assumption, source: {zh: 测试, en: test}}
      monthly:
        {scope: programme, amount: 2 kg, per: month, whole: true, kind: assumption,
         source: {zh: 测试, en: test}}
    points:
      grams_per_point: 10 g
      daily_max: 40
      available_after_days: 1
      expires_after_years: 1
      kind: assumption
      source: {zh: 测试, en: test}
"""

COAST = """
id: coast
title: {zh: 海边, en: The coast}
operator: {zh: 测试, en: the tests}
notes: {zh: 仅供测试。, en: Only for tests.}
time_zone: America/New_York
partners:
  ferries: {title: {zh: 渡口, en: ferries}}
versions:
  - version: "1"
    valid_from: 2024-01-01
    scenes:
      ride: {title: {zh: 骑行, en: riding}, pack: beijing-bike, partners: [ferries]}
      dues: {title: {zh: 缴费, en: paying bills}, pack: citic-payment, partners: [ferries]}
    limits:
      yearly:
        {scope: scene, amount: 9 kg, per: year, kind: assumption, source: {zh: 测试, en: test}}
    replaces:
      - {pack: citic-payment, limit: monthly_count, count: 2, kind: assumption,
         source: {zh: 测试, en: test}}
    points:
      per_act: {beijing-bike: 3, citic-payment: 5}
      per_act_daily_max: 7
      on_duplicate: true
      kind: assumption
      source: {zh: 测试, en: test}
"""

#: Who reports what: partner -> (programme, scenes).
PARTNERS = {
    "bikes": ("river", ("bike", "tour", "walk")),
    "bank": ("river", ("bike", "bill", "paper", "order")),
    "grid": ("river", ("bill", "power")),
    "shop": ("river", ("order", "fridge")),
    "ferries": ("coast", ("ride", "dues")),
}


@cache
def library() -> PackLibrary:
    """The compiled packs and the two programmes. Their files stay as long as the process."""
    made = tempfile.mkdtemp(prefix="tzp-")
    atexit.register(shutil.rmtree, made)
    return load_packs(write_folder(Path(made)))


def write_folder(folder: Path) -> Path:
    """A packs folder with the two programmes and the packs that they need."""
    whole = default_folder()
    for name in PACKS:
        shutil.copytree(whole / "methodologies" / name, folder / "methodologies" / name)
    shutil.copytree(whole / "factors", folder / "factors")
    shutil.copy(whole / "vocabulary.yaml", folder)
    for name, text in (("river", RIVER), ("coast", COAST)):
        (folder / "programmes" / name).mkdir(parents=True)
        (folder / "programmes" / name / "programme.yaml").write_text(text, encoding="utf-8")
    return folder
