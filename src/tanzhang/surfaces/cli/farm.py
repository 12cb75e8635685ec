"""``tanzhang farm``: what cheats get away with, and how many honest people are bothered."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from tanzhang.surfaces.cli.refusals import language

_WORDS = {
    "en": {
        "head": "Seed {seed}: {people} honest people and {cheats} accounts of cheats, one month.",
        "class": "{name}: cheats could spend {taken} of what they claimed ({taken_g} of"
        " {claimed_g} g), {left} is left to them; judging nothing it is {bare}. {held} of the"
        " honest people in these scenes had an act put aside.",
        "way": "  {name}: {taken}, judging nothing {bare}",
        "honest": "Of all honest people {held} had an act put aside, {acts} of their acts.",
    },
    "zh": {
        "head": "种子 {seed}：诚实居民 {people} 人，作弊账户 {cheats} 个，历时一个月。",
        "class": "{name}：作弊者曾可使用 {taken}（{claimed_g} 克中的 {taken_g} 克），"
        "最终留下 {left}；不作判断时为 {bare}。这些场景中的诚实居民有 {held} 曾被暂缓。",
        "way": "  {name}：{taken}，不作判断时 {bare}",
        "honest": "全部诚实居民中有 {held} 曾被暂缓，占其行为的 {acts}。",
    },
}


def farm(
    seed: Annotated[int, typer.Option("--seed", help="Another seed: another town, other cheats.")],
    size: Annotated[
        int, typer.Option("--size", min=100, help="Honest people; cheats in proportion.")
    ] = 2000,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Let cheats loose among honest people, and measure what they take.

    A scratch installation plays a month of acts, and the weeks until their points are available,
    through the real door, workers and sweeps; a second one lets the same cheats act with nobody
    judging. Both are removed afterwards. `value_taken`, `value_left`, `unguarded` and `honest_held`
    are fractions; docs/guides/authenticity.md says of what, to the letter.

    Example: tanzhang farm --seed 7 --size 300
    """
    from tanzhang.workbench.farm import run_farm

    figures = run_farm(seed, size)
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    for line in _lines(figures, language(["--lang", lang or ""])):
        typer.echo(line)


def _lines(figures: dict[str, Any], lang: str) -> list[str]:
    words, classes, honest = _WORDS[lang], figures["classes"], figures["honest"]
    cheats = sum(found["accounts"] for found in classes.values())
    lines = [words["head"].format(seed=figures["seed"], people=honest["people"], cheats=cheats)]
    for name, found in classes.items():
        shares = _shares(found) | {"held": _share(found["honest_held"])}
        lines.append(words["class"].format(name=name, **found | shares))
        lines += [
            words["way"].format(name=way, **_shares(value))
            for way, value in found["variants"].items()
        ]
    held, acts = _share(honest["people_held"]), _share(honest["acts_held"])
    return [*lines, words["honest"].format(held=held, acts=acts)]


def _shares(found: dict[str, Any]) -> dict[str, str]:
    """What was taken, what is left, and what would be taken with nobody judging."""
    names = {"taken": "value_taken", "left": "value_left", "bare": "unguarded"}
    return {hole: _share(found[name]) for hole, name in names.items()}


def _share(fraction: float) -> str:
    return f"{fraction:.2%}"
