"""What ``tanzhang up`` says, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

import typer

_WORDS = {
    "en": {
        "preparing": "Preparing the database and loading the methodology packs …",
        "living": "Letting {citizens:,} fictitious citizens live {days} days …",
        "lived": "{acts:,} reports were settled.",
        "known": "The city is as it was.",
        "starting": "Starting workers and the web server …",
        "died": "{part} ended by itself (code {code}); it starts again in {seconds} s."
        " Its log: {log}",
        "database_died": "PostgreSQL ended by itself; it starts again. Its log: {log}",
        "stopping": "Stopping …",
        "stopped": "Stopped. What was recorded stays; the next start goes on from here.",
        "title": "Tanzhang 碳账 runs. This is a demonstration: every citizen in it is fictitious.",
        "title_sandbox": "The sandbox of Tanzhang 碳账 runs: every citizen in it is fictitious.",
        "citizen": "Citizens' pages",
        "host": "A fictitious bank's app, where an account is opened with one tap",
        "console": "Operators' console",
        "portal": "Partners' portal",
        "logins": "Log-ins, the last one to the portal, the others to the console"
        " (they work only in this demonstration):",
        "end": "Ctrl-C stops everything; so does “tanzhang stop” in another window.",
        "end_sandbox": "Ctrl-C stops everything; so does “tanzhang --sandbox stop” in another"
        " window.",
    },
    "zh": {
        "preparing": "正在准备数据库并加载方法学……",
        "living": "正在让 {citizens:,} 名虚构居民生活 {days} 天……",
        "lived": "已结算 {acts:,} 条上报。",
        "known": "城市一如从前。",
        "starting": "正在启动结算进程与网站……",
        "died": "{part} 自行结束（代码 {code}），{seconds} 秒后重新启动。日志：{log}",
        "database_died": "PostgreSQL 自行结束，正在重新启动。日志：{log}",
        "stopping": "正在停止……",
        "stopped": "已停止。已记录的内容均保留，下次启动从此处继续。",
        "title": "碳账 Tanzhang 已运行。这是演示：其中的居民均为虚构。",
        "title_sandbox": "碳账 Tanzhang 的沙箱已运行：其中的居民均为虚构。",
        "citizen": "居民页面",
        "host": "虚构银行的应用，在其中一键开户",
        "console": "运营控制台",
        "portal": "合作方门户",
        "logins": "登录名：最后一个用于合作方门户，其余用于控制台（仅在本演示中有效）：",
        "end": "按 Ctrl-C 停止全部；也可在另一窗口运行“tanzhang stop”。",
        "end_sandbox": "按 Ctrl-C 停止全部；也可在另一窗口运行“tanzhang --sandbox stop”。",
    },
}


#: What is shown of the site, and where it is.
_PLACES = (("host", "host/"), ("citizen", ""), ("console", "console/"), ("portal", "portal/"))


def say(what: str, lang: str, **values: object) -> None:
    """One sentence, at once."""
    typer.echo(_WORDS[lang][what].format(**values))


def welcome(
    address: str, logins: Sequence[tuple[str, str]], lang: str, *, sandbox: bool = False
) -> None:
    """Where to look, and how to get in."""
    words, suffix = _WORDS[lang], "_sandbox" if sandbox else ""
    typer.echo()
    typer.secho(words[f"title{suffix}"], bold=True)
    for name, path in _PLACES:
        typer.echo(f"  {words[name]}:" if lang == "en" else f"  {words[name]}：")
        typer.secho(f"    http://{address}/{path}", fg="green", bold=True)
    typer.echo(f"  {words['logins']}")
    for name, password in logins:
        typer.echo(f"    {name:<22} {password}")
    typer.echo(f"\n{words[f'end{suffix}']}")
