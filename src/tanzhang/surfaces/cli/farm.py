"""``tanzhang farm``: what cheats get away with, and how many honest people are bothered."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from tanzhang.surfaces.cli.refusals import language

_WORDS = {
    "en": {
        "head": "Seed {seed}: {people} honest people and {cheats} accounts of cheats, one month.",
        "class": "{name}: cheats took {taken} of what they claimed ({taken_g} of {claimed_g} g);"
        " {held} of the honest people in these scenes had an act put aside.",
        "honest": "Of all honest people {held} had an act put aside, {acts} of their acts.",
    },
    "zh": {
        "head": "种子 {seed}：诚实居民 {people} 人，作弊账户 {cheats} 个，历时一个月。",
        "class": "{name}：作弊者得手 {taken}（{claimed_g} 克中的 {taken_g} 克）；"
        "这些场景中的诚实居民有 {held} 曾被暂缓。",
        "honest": "全部诚实居民中有 {held} 曾被暂缓，占其行为的 {acts}。",
    },
}


def farm(
    seed: Annotated[int, typer.Option("--seed", help="Another seed: another town, other cheats.")],
    size: Annotated[
        int, typer.Option("--size", min=100, help="Honest people; cheats in proportion.")
    ] = 2000,
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Judge nothing: what the cheats would take then.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Let cheats loose among honest people, and measure what they take.

    A scratch installation plays a month through the real door, workers and sweeps and is removed
    afterwards. `value_taken` and `honest_held` are fractions; docs/guides/authenticity.md says of
    what, to the letter.

    Example: tanzhang farm --seed 7 --size 300
    """
    from tanzhang.workbench.farm import run_farm

    figures = run_farm(seed, size, guarded=not unguarded)
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
        shares = {"taken": _share(found["value_taken"]), "held": _share(found["honest_held"])}
        lines.append(words["class"].format(name=name, **found | shares))
        lines += [f"  {variant}: {_share(share)}" for variant, share in found["variants"].items()]
    held, acts = _share(honest["people_held"]), _share(honest["acts_held"])
    return [*lines, words["honest"].format(held=held, acts=acts)]


def _share(fraction: float) -> str:
    return f"{fraction:.2%}"
