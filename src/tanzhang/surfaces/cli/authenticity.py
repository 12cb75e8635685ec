"""``tanzhang authenticity``: sweeps, the audit's sample, and rules tried on history."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.refusals import language

app = typer.Typer(no_args_is_help=True, add_completion=False)

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]
Day = Annotated[str | None, typer.Option("--day", help="A local day; default: today.")]

_WORDS = {
    "en": {
        "swept": "{pack}: {acts} acts put aside; accounts watched by rule: {rules}.",
        "nothing": "No pack in force looks for patterns.",
        "picked": "{count} accepted acts were picked for somebody to look at.",
        "audit": "Picked {picked}, looked at {looked}, missed {missed};"
        " rather fewer than {most} of a thousand accepted acts are false.",
        "tried": "{acts} judged acts of {accounts} accounts: {aside} would be put aside"
        " ({newly} that were not, {no_longer} no longer).",
        "hit": "  {name}: {count}",
        "sample": "To look at: {sample}",
    },
    "zh": {
        "swept": "{pack}：暂缓 {acts} 次行为；按规则关注的账户：{rules}。",
        "nothing": "生效的方法学包都不查找规律。",
        "picked": "抽取了 {count} 次已受理的行为，供人工查看。",
        "audit": "已抽取 {picked}，已查看 {looked}，漏判 {missed}；"
        "每千次已受理行为中，虚假的大致少于 {most} 次。",
        "tried": "{accounts} 个账户的 {acts} 次行为：将暂缓 {aside} 次"
        "（新增 {newly}，不再暂缓 {no_longer}）。",
        "hit": "  {name}：{count}",
        "sample": "供查看：{sample}",
    },
}


@app.command()
def sweep(day: Day = None, as_json: Json = False, lang: Lang = None) -> None:
    """Look for patterns over many people's acts, and put aside what stands out.

    Example: tanzhang authenticity sweep
    """
    _setup()
    from tanzhang.apps.activities import api as activities

    found = activities.sweep_authenticity(_day(day))
    if as_json:
        typer.echo(json.dumps({"packs": [asdict(one) for one in found]}))
        return
    words = _words(lang)
    for one in found:
        rules = ", ".join(f"{rule} {count}" for rule, count in one.accounts.items()) or "–"
        typer.echo(words["swept"].format(pack=one.pack, acts=one.put_aside, rules=rules))
    if not found:
        typer.echo(words["nothing"])


@app.command()
def audit(day: Day = None, as_json: Json = False, lang: Lang = None) -> None:
    """Pick some accepted acts of a day for a person to look at, and say how the sample stands.

    Example: tanzhang authenticity audit
    """
    _setup()
    from tanzhang.apps.activities import api as activities

    count = activities.pick_audit(_day(day))
    standing = activities.audit_standing()
    told = asdict(standing) | {"new": count, "most_permille": standing.most_missed_permille}
    if as_json:
        typer.echo(json.dumps(told))
        return
    words = _words(lang)
    typer.echo(words["picked"].format(count=count))
    if standing.looked_at:
        typer.echo(
            words["audit"].format(
                picked=standing.picked,
                looked=standing.looked_at,
                missed=standing.missed,
                most=standing.most_missed_permille,
            )
        )


@app.command()
def backtest(
    pack: Annotated[str, typer.Argument(help="A pack that is loaded, or its folder.")],
    days: Annotated[int, typer.Option("--days", min=1, max=180, help="How far back.")] = 30,
    day: Day = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Try a pack's rules on the acts that are stored, before they count for anybody.

    PACK is a pack's id (or id@version) among those that are loaded, or the folder of one that is
    not: nothing is written either way.

    Example: tanzhang authenticity backtest hankou-walk
    """
    _setup()
    from tanzhang.apps.activities import api as activities

    tried = activities.backtest_authenticity(_edition(pack), _day(day), days)
    if as_json:
        typer.echo(json.dumps(asdict(tried)))
        return
    words, told = _words(lang), asdict(tried)
    typer.echo(words["tried"].format(**told))
    for name, count in tried.hits.items():
        typer.echo(words["hit"].format(name=name, count=count))
    if tried.sample:
        typer.echo(words["sample"].format(sample=", ".join(tried.sample)))


def _edition(pack: str) -> Any:
    from pathlib import Path

    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.engine.packs import load_packs

    library = rulebook_in_force().library
    if pack.partition("@")[0] in library.packs:
        return library.find(pack)
    folder = Path(pack).resolve()
    root = next((up for up in folder.parents if (up / "vocabulary.yaml").is_file()), None)
    if root is None:
        raise Problem("packs.pack_unknown", pack=pack, known=", ".join(library.packs))
    return load_packs(root).find(folder.name)


def _day(text: str | None) -> int:
    """A local day of the programmes' zone as days since 1970."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.engine.packs.tree import day_of

    if text is not None:
        return day_of(text)
    programmes = rulebook_in_force().rulebook.programmes.values()
    zone = next((programme.time_zone for programme in programmes), "UTC")
    return day_of(f"{datetime.now(ZoneInfo(zone)):%Y-%m-%d}")


def _words(lang: str | None) -> dict[str, str]:
    return _WORDS[language(["--lang", lang or ""])]


def _setup() -> None:
    from tanzhang.config import setup

    setup()
