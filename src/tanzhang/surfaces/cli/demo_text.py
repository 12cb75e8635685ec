"""The demonstration as a person reads it, in Chinese and English."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.console import Console

    from tanzhang.workbench.city import City
    from tanzhang.workbench.demonstration import Lived, Prepared, Shown

_WORDS = {
    "en": {
        "title": "Tanzhang 碳账, a demonstration",
        "fictitious": "Every citizen, ride and bill below is fictitious; the methods are real.",
        "database": "Database",
        "packs": "Packs",
        "city": "City",
        "door": "Door",
        "books": "Books",
        "migrated": "{count} migrations applied",
        "in_shape": "in shape already",
        "loaded": "{packs} methodology packs and the programme citic, {count} versions new",
        "known": "{packs} methodology packs and the programme citic, loaded before",
        "lives": "{citizens:,} citizens, {days} from {start}",
        "day": "one day",
        "days": "{days} days",
        "reported": "{rows:,} reports: {verdicts}",
        "again": "all {rows:,} reports were known already: nothing changed",
        "settled": "{outcomes}; in all {mass}",
        "digest": "digest {digest}…",
        "account": "account",
        "acts": "acts",
        "reduction": "reduction, g",
        "points": "points",
        "accounts": "Accounts: grams of CO2e avoided, and apart from them points",
        "more": "and {count:,} more accounts",
        "ride": "One ride, explained to {rider}",
        "twice": "One act that two partners reported",
        "next": "Next",
        "seconds": "Shown after {seconds:.1f} s. Run it again: nothing will change.",
        "same": "Shown after {seconds:.1f} s. As said: nothing has changed.",
    },
    "zh": {
        "title": "碳账 Tanzhang 演示",
        "fictitious": "以下居民、行程与账单均为虚构；方法是真实的。",
        "database": "数据库",
        "packs": "方法学",
        "city": "城市",
        "door": "入口",
        "books": "账本",
        "migrated": "已执行 {count} 项迁移",
        "in_shape": "结构已是最新",
        "loaded": "{packs} 个方法学包与机制 citic，新增 {count} 个版本",
        "known": "{packs} 个方法学包与机制 citic，此前已载入",
        "lives": "{citizens:,} 名居民，自 {start} 起{days}",
        "day": "一天",
        "days": " {days} 天",
        "reported": "{rows:,} 条上报：{verdicts}",
        "again": "{rows:,} 条上报此前均已知晓：什么都没有变",
        "settled": "{outcomes}；合计 {mass}",
        "digest": "摘要 {digest}…",
        "account": "账户",
        "acts": "行为",
        "reduction": "减排量（克）",
        "points": "积分",
        "accounts": "账户：减少的二氧化碳当量克数；积分另列",
        "more": "另有 {count:,} 个账户",
        "ride": "向 {rider} 解释一次出行",
        "twice": "一次由两家合作方报告的行为",
        "next": "接下来",
        "seconds": "用时 {seconds:.1f} 秒。再运行一次：什么都不会变。",
        "same": "用时 {seconds:.1f} 秒。如前所述：什么都没有变。",
    },
}

#: So many accounts are listed.
LISTED = 15

_COUNTED = {
    "zh": {
        "accepted": "受理",
        "duplicate": "重复",
        "conflict": "冲突",
        "rejected": "拒绝",
        "held": "挂起",
        "credited": "入账",
        "limited": "超限",
        "withdrawn": "撤回",
    },
}


def print_prepared(prepared: Prepared, lang: str) -> None:
    """What had to be done before the city could live."""
    words, console = _WORDS[lang], _console()
    console.print(f"[bold green]{words['title']}[/]")
    console.print(words["fictitious"], style="yellow")
    console.print()
    migrated = len(prepared.migrated)
    _line(
        console,
        words["database"],
        words["migrated" if migrated else "in_shape"].format(count=migrated),
    )
    loaded = words["loaded" if prepared.loaded else "known"]
    _line(
        console,
        words["packs"],
        loaded.format(packs=prepared.packs, count=len(prepared.loaded)),
    )


def print_city(city: City, lived: Lived, shown: Shown, seconds: float, lang: str) -> None:
    """The city's day, its accounts, one ride explained, and what to try next."""
    from tanzhang.engine.units import MASS, show_value

    words, console = _WORDS[lang], _console()
    days = words["day" if city.days == 1 else "days"].format(days=city.days)
    lives = words["lives"].format(citizens=city.citizens, days=days, start=city.start.isoformat())
    _line(console, words["city"], lives)
    verdicts = _counted(lived.sent.verdicts, lang)
    reported = words["reported" if lived.changed else "again"]
    _line(console, words["door"], reported.format(rows=lived.sent.rows, verdicts=verdicts))
    outcomes = _counted(lived.outcomes, lang)
    settled = words["settled"].format(
        outcomes=outcomes, mass=show_value(Fraction(lived.reduction_mg, 1000), MASS, lang)
    )
    _line(console, words["books"], settled)
    _line(console, "", words["digest"].format(digest=lived.digest[:16]))
    _print_accounts(console, city, shown, lang)
    _print_ride(console, city, shown, lang)
    _print_next(console, shown, lang)
    closing = words["seconds" if lived.changed else "same"]
    console.print(closing.format(seconds=seconds), style="dim")


def _line(console: Console, head: str, text: str) -> None:
    from rich.cells import cell_len

    console.print(f"[bold]{head}[/]{' ' * max(1, 10 - cell_len(head))}{text}")


def _counted(counts: Mapping[str, int], lang: str) -> str:
    """``92 accepted, 2 duplicate``; nothing is said of what did not happen."""
    names = _COUNTED.get(lang, {})
    joint = "，" if lang == "zh" else ", "
    pairs = [(count, names.get(name, name)) for name, count in counts.items() if count]
    if lang == "zh":
        return joint.join(f"{name} {count:,}" for count, name in pairs)
    return joint.join(f"{count:,} {name}" for count, name in pairs)


def _print_accounts(console: Console, city: City, shown: Shown, lang: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    words = _WORDS[lang]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(words["account"])
    for name in ("acts", "reduction", "points"):
        table.add_column(words[name], justify="right")
    for one in shown.statements[:LISTED]:
        grams = f"{one.reduction_mg // 1000:,}.{one.reduction_mg % 1000:03}"
        row = (f"{len(one.events)}", grams, f"{one.points:,}")
        table.add_row(one.account.handle, *row)
    console.print()
    console.print(words["accounts"], style="bold")
    console.print(table)
    more = max(0, city.citizens - LISTED)
    console.print(words["more"].format(count=more), style="dim")


def _print_ride(console: Console, city: City, shown: Shown, lang: str) -> None:
    from tanzhang.surfaces.cli.account_text import print_story, sentences

    words, (ride, scene) = _WORDS[lang], shown.ride
    console.print()
    console.print(words["ride"].format(rider=shown.rider), style="bold")
    print_story(ride, scene[lang], lang, ZoneInfo(city.time_zone))
    if shown.told_twice:
        lost, scene = shown.told_twice
        console.print()
        console.print(f"{words['twice']}: {scene[lang]} ({lost.partner})", style="bold")
        for sentence in sentences(lost, lang):
            console.print(sentence)


def _print_next(console: Console, shown: Shown, lang: str) -> None:
    console.print()
    console.print(_WORDS[lang]["next"], style="bold")
    for words in (
        f"account show {shown.rider}",
        f"account show {shown.rider} --why {shown.ride[0].event}",
        "ledger verify",
        "stop",
    ):
        console.print(f"  {_program()} {words}", style="cyan")


def _program() -> str:
    """How the reader can call this program: by its name, or by where it lies."""
    called = Path(sys.argv[0])
    if shutil.which("tanzhang") or called.name != "tanzhang":
        return "tanzhang"
    return str(called)


def _console() -> Console:
    from rich.console import Console

    return Console(soft_wrap=True, highlight=False)
