"""What ``tanzhang verify`` says to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import typer

from tanzhang.proofs import UNREADABLE, Verdict

_SAID: Final = {
    "valid": ("valid", "有效"),
    "refused": ("refused", "拒绝"),
    "unreadable": ("unreadable", "无法读取"),
    "line": ("line {line}: ", "第 {line} 行："),
    "tanzhang-receipt/1": (
        "The event {event_key} is recorded and counts {total_mg:,} mg CO2e and {total_points:,}"
        " points ({status}), as of the root below.",
        "事件 {event_key} 已记录，截至下述根计入 {total_mg:,} 毫克二氧化碳当量、"
        "{total_points:,} 积分（{status}）。",
    ),
    "tanzhang-certificate/1": (
        "The account {account} has {act_count:,} acts from {period[from]} to {period[to]}"
        " ({period[time_zone]}), which come to {total_mg:,} mg CO2e.",
        "账户 {account} 自 {period[from]} 至 {period[to]}（{period[time_zone]}）"
        "有 {act_count:,} 项行为，合计 {total_mg:,} 毫克二氧化碳当量。",
    ),
    "tanzhang-statement/1": (
        "The account {account} carries {act_count:,} acts, which come to {total_mg:,} mg CO2e.",
        "账户 {account} 携出 {act_count:,} 项行为，合计 {total_mg:,} 毫克二氧化碳当量。",
    ),
    "tanzhang-root/1": (
        "This is a signed root of the installation's log.",
        "这是该安装日志的一个已签名的根。",
    ),
    "tanzhang-consistency/1": (
        "The root over {root_size:,} entries keeps all {continues_size:,} entries of the older.",
        "覆盖 {root_size:,} 项的根保留了旧根的全部 {continues_size:,} 项。",
    ),
    "tanzhang-conformance/1": (
        "{partner} ran the conformance kit on {made_at} against {url} (programme {programme}):"
        " {case_count:,} cases, {failed_count:,} of them not as expected.",
        "{partner} 于 {made_at} 对 {url}（机制 {programme}）运行了一致性测试："
        "共 {case_count:,} 项，其中 {failed_count:,} 项与预期不符。",
    ),
    "tanzhang-export/1": (
        "This is the copy of everything that the installation {installation} kept of the owner of"
        " {account_list} at {made_at}: {row_count:,} rows.",
        "这是系统环境 {installation} 于 {made_at} 保存的账户 {account_list} 所属用户的"
        "全部信息副本，共 {row_count:,} 行。",
    ),
    "tanzhang-audit-pack/1": (
        "This lists {file_count:,} files of the audit pack of {installation} as of {until}; the log"
        " of readings then ended with row {readings:,}.",
        "这是系统环境 {installation} 截至 {until} 的审计包清单，共 {file_count:,} 个文件；"
        "当时查阅日志止于第 {readings:,} 行。",
    ),
    "failed": ("  not as expected: {name}", "  与预期不符：{name}"),
    "outcome": (
        "  outcome {outcome_no}: {posted_mg:+,} mg, position {position} of the log, leaf {index}",
        "  结论 {outcome_no}：{posted_mg:+,} 毫克，日志位置 {position}，叶 {index}",
    ),
    "methods": ("  by {methods}", "  依据 {methods}"),
    "root": (
        "  root over {root_size:,} entries, made {root_made_at}, installation {installation}",
        "  根覆盖 {root_size:,} 项，作于 {root_made_at}，安装 {installation}",
    ),
}


def print_verdict(verdict: Verdict, lang: str, *, numbered: bool) -> None:
    """A verdict in the reader's language; refusals go to standard error."""
    line = _say("line", lang, line=verdict.line) if numbered else ""
    problem = verdict.problem
    if problem is not None:
        name = "unreadable" if verdict.code == UNREADABLE else "refused"
        typer.secho(f"✗ {line}{_say(name, lang)} [{problem.code}]", fg="red", bold=True, err=True)
        typer.echo(problem.text(lang), err=True)
        return
    typer.secho(f"✓ {line}{_say('valid', lang)}", fg="green", bold=True)
    for text in _facts(verdict.facts, lang):
        typer.echo(text)


def _facts(facts: Mapping[str, Any], lang: str) -> list[str]:
    if "failed" in facts:
        head = _say(facts["format"], lang, failed_count=len(facts["failed"]), **facts)
        return [head, *(_say("failed", lang, name=name) for name in facts["failed"])]
    if "files" in facts:
        return [_say(facts["format"], lang, file_count=len(facts["files"]), **facts)]
    if "rows" in facts:
        listed, count = ", ".join(facts["accounts"]), sum(facts["rows"].values())
        return [_say(facts["format"], lang, account_list=listed, row_count=count, **facts)]
    lines = [_say(facts["format"], lang, **facts)]
    lines += [_say("outcome", lang, **outcome) for outcome in facts.get("outcomes", [])]
    if facts.get("methods"):
        lines.append(_say("methods", lang, methods=", ".join(facts["methods"])))
    return [*lines, _say("root", lang, **facts)]


def _say(name: str, lang: str, /, **details: Any) -> str:
    return _SAID[name][lang == "zh"].format(**details)
