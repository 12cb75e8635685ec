"""An account's statement and an act's story as text, in Chinese and English."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.console import Console

    from tanzhang.apps.activities.api import Statement, Story

_WORDS = {
    "zh": {
        "scene": "场景",
        "acts": "入账次数",
        "reduction": "减排量",
        "points": "积分",
        "when": "时间",
        "status": "状态",
        "event": "事件键",
        "account": "账户",
        "steps": "计算",
        "standard": "标准",
        "published": "公布",
        "secondary": "二手",
        "assumption": "假设",
        "factors": "因子",
        "history": "经过",
        "fact": "{scene}，由 {partner} 报告，{start} 至 {end}，第 {revision} 次修订。",
        "balance": "碳账户 {account}（{programme}）累计减排 {grams}（{kilograms}），"
        "另有 {points} 积分。",
        "more": "另有 {count} 次行为未列出。",
        "empty": "还没有任何账户。",
    },
    "en": {
        "scene": "scene",
        "acts": "credited acts",
        "reduction": "reduction",
        "points": "points",
        "when": "when",
        "status": "status",
        "event": "event key",
        "account": "account",
        "steps": "Computation",
        "standard": "standard",
        "published": "published",
        "secondary": "secondary",
        "assumption": "assumption",
        "factors": "Factors",
        "history": "History",
        "fact": "{scene}, reported by {partner}, {start} to {end}, revision {revision}.",
        "balance": "The account {account} ({programme}) holds {grams} ({kilograms}) of reductions,"
        " and apart from them {points} points.",
        "more": "{count} more acts are not listed.",
        "empty": "There is no account yet.",
    },
}

_STATUS = {
    "zh": {
        "credited": "已入账",
        "limited": "超限",
        "duplicate": "重复",
        "rejected": "拒绝",
        "held": "挂起",
        "withdrawn": "撤回",
    },
}


_KEY_COLUMNS = {own["event"] for own in _WORDS.values()}


def words(lang: str) -> dict[str, str]:
    """The words of these pages in one language."""
    return _WORDS[lang]


def sentences(told: Story, lang: str) -> list[str]:
    """The outcome in whole sentences: what, why, what limits took, what it lost to."""
    from tanzhang.apps.activities.api import grams, reason_sentence, say

    lines = [
        say(
            "status", told.status, lang, credited=grams(told.reduction_mg, lang), points=told.points
        )
    ]
    if told.reason != "none":
        lines.append(reason_sentence(told.reason, lang))
    lines += [
        say("cut", "amount", lang, name=cut.name, owner=cut.owner, mg=grams(cut.mg, lang))
        for cut in told.cuts
    ]
    if told.lost_to:
        lines.append(say("lost", "to", lang, event=told.lost_to))
    if told.explanation:
        lines.append(told.explanation.sentence)
    return lines


def print_statement(found: Statement, limit: int, lang: str, zone: ZoneInfo) -> None:
    from tanzhang.apps.activities.api import grams, kilograms

    own = _WORDS[lang]
    console = _console()
    console.print(
        own["balance"].format(
            account=found.account.handle,
            programme=found.programme,
            grams=grams(found.reduction_mg, lang),
            kilograms=kilograms(found.reduction_mg, lang),
            points=f"{found.points:,}",
        )
    )
    if found.scenes:
        rows = [
            (
                total.title[lang],
                f"{total.acts:,}",
                grams(total.reduction_mg, lang),
                f"{total.points:,}",
            )
            for total in found.scenes
        ]
        _table(console, [own[name] for name in ("scene", "acts", "reduction", "points")], rows)
    shown = found.events[:limit]
    if shown:
        titles = {total.scene: total.title[lang] for total in found.scenes}
        lines = [
            (
                _local(line.started_us, zone),
                titles[line.scene],
                _STATUS.get(lang, {}).get(line.status, line.status),
                grams(line.reduction_mg, lang),
                f"{line.points:,}",
                line.event,
            )
            for line in shown
        ]
        names = ("when", "scene", "status", "reduction", "points", "event")
        _table(console, [own[name] for name in names], lines)
    if len(found.events) > len(shown):
        console.print(own["more"].format(count=f"{len(found.events) - len(shown):,}"))


def print_story(told: Story, scene: str, lang: str, zone: ZoneInfo) -> None:
    from tanzhang.apps.activities.api import grams, say

    own = _WORDS[lang]
    console = _console()
    fact = own["fact"].format(
        scene=scene,
        partner=told.partner,
        start=_local(told.started_us, zone),
        end=_local(told.ended_us, zone),
        revision=told.revision,
    )
    console.print(fact)
    for sentence in sentences(told, lang):
        console.print(sentence)
    if told.explanation:
        console.print(f"\n[bold]{own['steps']}[/] {told.pack}@{told.version}")
        for step in told.explanation.steps:
            console.print("  " + step.text())
        console.print(f"[bold]{own['factors']}[/]")
        for line in told.explanation.factors:
            figure = f"{line.title[lang]} {line.value} {line.unit}"
            mark = f"[{own[line.mark.kind]}]: {line.mark.source[lang]}"
            console.print(f"  {figure} {mark}", markup=False)
    console.print(f"[bold]{own['history']}[/]")
    for outcome in told.history:
        cause = say("cause", outcome.cause, lang)
        change = f"{'+' if outcome.reduction_mg >= 0 else ''}{grams(outcome.reduction_mg, lang)}"
        console.print(f"  {outcome.month} #{outcome.outcome_no} {cause}: {change}")


def _table(console: Console, names: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        # An event key is copied from here, so that it is never cut.
        table.add_column(name, overflow="fold", min_width=32 if name in _KEY_COLUMNS else None)
    for row in rows:
        table.add_row(*row)
    console.print()
    console.print(table)


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    return Console(soft_wrap=True, highlight=False, width=width)


def _local(instant_us: int, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(zone)
    return f"{moment:%Y-%m-%d %H:%M}"
