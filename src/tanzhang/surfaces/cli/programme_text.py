"""Programmes, versions and previews as a person reads them, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from tanzhang.engine.packs import Fault

_WORDS = {
    "en": {
        "loaded": "{programme}: {count} versions loaded.",
        "same": "{programme}: all versions were loaded before.",
        "installed": "The catalogue was empty: they are in force, activated by the installation.",
        "ended": "{version} states another end now; it goes on until it is activated again.",
        "against": "compared with {version}, which is in force",
        "first": "nothing of it is in force yet",
        "pending": "Not in force yet. Propose it with --by NAME, and have another person approve "
        "it with --approved-by NAME or in the console.",
        "none_pending": "Nothing waits to be activated.",
        "proposed": "Proposal {proposal} waits for another person's approval.",
        "activated": "Proposal {proposal} is approved and in force; {events} acts of past days "
        "will be settled again by the workers.",
        "from": "from {day}",
        "span": "{first} to before {end}",
        "never": "not in force",
        "versions": "Versions",
        "packs": "Methodologies",
        "scenes": "Scenes of version {version}",
        "activations": "Activations, the latest first",
        "connected": "connected",
        "planned": "planned",
        "empty": "No programme is loaded.",
        "zone": "time zone {zone}",
    },
    "zh": {
        "loaded": "{programme}：加载了 {count} 个版本。",
        "same": "{programme}：所有版本此前均已加载。",
        "installed": "目录原为空：上述版本由安装过程直接启用。",
        "ended": "{version} 的文件改了止日；在重新启用之前仍按原止日执行。",
        "against": "与现行版本 {version} 比较",
        "first": "尚无任何版本启用",
        "pending": "尚未启用。请用 --by 姓名 申请，"
        "并由另一人用 --approved-by 姓名 或在控制台批准。",
        "none_pending": "没有等待启用的版本。",
        "proposed": "申请 {proposal} 等待另一人批准。",
        "activated": "申请 {proposal} 已批准并生效；过去的 {events} 次行为将由结算进程重新结算。",
        "from": "自 {day} 起",
        "span": "{first} 至 {end} 之前",
        "never": "未生效",
        "versions": "版本",
        "packs": "方法学",
        "scenes": "版本 {version} 的场景",
        "activations": "启用记录（最近的在前）",
        "connected": "已接入",
        "planned": "规划中",
        "empty": "尚未加载任何碳普惠机制。",
        "zone": "时区 {zone}",
    },
}


def print_faults(faults: Iterable[Fault], lang: str) -> None:
    """Every fault of the files with its place, on standard error."""
    for fault in faults:
        typer.secho(fault.text(lang), fg="red", err=True)


def print_loaded(answer: Mapping[str, Any], lang: str) -> None:
    """What loading found, what would change, and what is to be done next."""
    words = _WORDS[lang]
    new = len(answer["loaded"])
    head = "loaded" if new else "same"
    typer.secho(words[head].format(programme=answer["programme"], count=new), bold=True)
    if answer["installed"]:
        typer.echo(words["installed"])
    for version in answer["ended"]:
        typer.secho(words["ended"].format(version=version), fg="yellow")
    for shown in answer["preview"]:
        typer.echo("")
        typer.secho(f"{shown['version']}  {shown['title'][lang]}", bold=True)
        against = words["against"].format(version=shown["against"])
        typer.secho(f"  {against if shown['against'] else words['first']}", dim=True)
        for sentence in shown["changes"]:
            typer.echo(f"  · {sentence}")
    typer.echo("")
    typer.echo(_next(answer, words))


def _next(answer: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if answer["activated"]:
        return words["activated"].format(proposal=answer["proposal"], events=answer["resettled"])
    if answer["proposal"] is not None:
        return words["proposed"].format(proposal=answer["proposal"])
    return words["pending"] if answer["pending"] else words["none_pending"]


def print_shown(answer: Mapping[str, Any], lang: str) -> None:
    """A programme with its versions, scenes and activations."""
    words = _WORDS[lang]
    typer.secho(f"{answer['programme']}  {answer['title'][lang]}", bold=True)
    zone = words["zone"].format(zone=answer["time_zone"])
    typer.secho(f"{answer['operator'][lang]} · {zone}", dim=True)
    for group in ("versions", "packs"):
        typer.secho(f"\n{words[group]}", bold=True)
        _print_versions(answer[group], lang)
    for version, scenes in answer["scenes"].items():
        typer.secho("\n" + words["scenes"].format(version=version), bold=True)
        for scene in scenes:
            pack = scene["pack"] or "–"
            typer.echo(
                f"  {scene['scene']}  {scene['title'][lang]}  {words[scene['state']]}  {pack}"
            )
    typer.secho(f"\n{words['activations']}", bold=True)
    for entry in answer["activations"]:
        typer.echo(f"  {entry['proposal']}. " + " ".join(entry["sentences"]))


def print_list(versions: Sequence[Mapping[str, Any]], lang: str) -> None:
    """All versions of all programmes, a line each."""
    if not versions:
        typer.echo(_WORDS[lang]["empty"])
    _print_versions(versions, lang)


def _print_versions(versions: Iterable[Mapping[str, Any]], lang: str) -> None:
    from tanzhang.apps.catalogue.api import state_words

    for version in versions:
        name = f"{version['code']}@{version['version']}"
        state = state_words(version["state"], lang)
        typer.echo(f"  {name}  {version['title'][lang]}  {state}  {_span(version, lang)}")


def _span(version: Mapping[str, Any], lang: str) -> str:
    words = _WORDS[lang]
    if version["in_force_from"] is None:
        return words["never"]
    if version["in_force_to"] is None:
        return words["from"].format(day=version["in_force_from"])
    return words["span"].format(first=version["in_force_from"], end=version["in_force_to"])
