"""``tanzhang city``: a fictitious city that lives now, and its journal."""

from __future__ import annotations

import dataclasses
import json
import math
import time
from typing import Annotated, Any

import typer

from tanzhang.surfaces.cli.refusals import REFUSED, language
from tanzhang.surfaces.cli.signals import Told

app = typer.Typer(
    help="Let a fictitious city live now, and compare its journal with the books.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Programme = Annotated[str, typer.Option("--programme", help="Report to this programme.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

#: How long a signal may go unheard.
LISTEN_S = 0.05

_WORDS = {
    "en": {
        "lives": "A fictitious city of {citizens:,} citizens lives now and reports to {programme}.",
        "away": "PostgreSQL is away; trying again in {wait_s:g} s. ({said})",
        "ended": "The city rests. Reported: {verdicts}",
        "equal": "The journal equals the books: {acts:,} acts, each of them once.",
        "differs": "The journal differs from the books, or work is still waiting.",
        "batches": "batches written down",
        "rows": "reports in them",
        "acts": "acts accepted",
        "unanswered": "batches without an answer (the living city sends them again)",
        "waiting": "acts that wait for a worker",
        "lost": "acts acknowledged, but not in the books",
        "repeated": "acts in the books more than once",
        "uninvited": "acts refused, but in the books",
        "unheard": "acts in the books, but not in the journal",
    },
    "zh": {
        "lives": "一座有 {citizens:,} 名虚构居民的城市正在运行，并向 {programme} 上报。",
        "away": "暂时连不上 PostgreSQL，{wait_s:g} 秒后重试。（{said}）",
        "ended": "城市已停止。上报结果：{verdicts}",
        "equal": "日志簿与账簿一致：{acts:,} 次行为，各记一次。",
        "differs": "日志簿与账簿不一致，或仍有待处理的数据。",
        "batches": "已记下的批次",
        "rows": "其中的上报",
        "acts": "已受理的行为",
        "unanswered": "没有答复的批次（城市会重新发送）",
        "waiting": "等待结算的行为",
        "lost": "已受理却不在账簿中的行为",
        "repeated": "在账簿中多于一次的行为",
        "uninvited": "被拒绝却在账簿中的行为",
        "unheard": "在账簿中却不在日志簿中的行为",
    },
}


@app.callback()
def city() -> None:
    """Let a fictitious city live now, and compare its journal with the books."""


@app.command()
def live(
    programme: Programme = "citic",
    citizens: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many citizens; their accounts are opened.")
    ] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same citizens.")] = 1,
    rate: Annotated[float, typer.Option(min=0.01, max=50, help="Acts a second, on average.")] = 1.0,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, help="End after so many seconds.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Let a fictitious city live: its citizens act now, and their partners report it.

    Goes on until Ctrl-C or SIGTERM. Every batch is written into a journal in TANZHANG_HOME before
    it is sent; a city that was killed sends again what has no answer. While PostgreSQL is away it
    waits. The default citizens are those of "tanzhang demo --size city".

    Example: tanzhang city live --citizens 200 --rate 2
    """
    clock = _Clock(seconds)
    words = _WORDS[language(["--lang", lang or ""])]
    from tanzhang.config import setup

    setup()
    from datetime import date

    from tanzhang.config.database import home
    from tanzhang.workbench.city import City
    from tanzhang.workbench.city.journal import Journal
    from tanzhang.workbench.city.live import LiveCity, alone

    lively = LiveCity(City(seed, citizens, 1, date(2026, 3, 2)), programme, rate, Journal(home()))
    if not as_json:
        typer.echo(words["lives"].format(citizens=citizens, programme=programme))
    with alone(home()):
        lively.live(
            clock.goes_on,
            lambda wait_s, said: typer.echo(
                words["away"].format(wait_s=wait_s, said=said), err=True
            ),
        )
    verdicts = dict(lively.verdicts)
    if as_json:
        typer.echo(json.dumps({"programme": programme, "citizens": citizens, "verdicts": verdicts}))
    else:
        said = ", ".join(f"{verdict} {count:,}" for verdict, count in verdicts.items()) or "–"
        typer.echo(words["ended"].format(verdicts=said))


@app.command()
def compare(as_json: Json = False, lang: Lang = None) -> None:
    """Compare the living city's journal with the books.

    Every act that the door acknowledged has to be in the books once, and nothing else. The exit
    code is 1 if they differ, if a batch has no answer yet, or if acts wait for a worker.

    Example: tanzhang city compare --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.config.database import home
    from tanzhang.workbench.city.comparing import compare as compared
    from tanzhang.workbench.city.journal import Journal

    found = compared(Journal(home()))
    answer = {"ok": found.ok} | dataclasses.asdict(found)
    if as_json:
        typer.echo(json.dumps(answer))
    else:
        _print(answer, _WORDS[language(["--lang", lang or ""])])
    if not found.ok:
        raise typer.Exit(REFUSED)


def _print(answer: dict[str, Any], words: dict[str, str]) -> None:
    """Counts line by line; the keys of what is wrong below their count."""
    typer.echo(words["equal" if answer["ok"] else "differs"].format(**answer))
    for name, value in answer.items():
        if name == "ok":
            continue
        keys = [] if isinstance(value, int) else list(value)
        typer.echo(f"{value if isinstance(value, int) else len(keys):>12,}  {words[name]}")
        for key in keys[:20]:
            typer.echo(f"{'':>14}{key}")


class _Clock:
    """Waits until it is time to go on, or to end because a signal or the clock says so."""

    def __init__(self, seconds: float | None) -> None:
        self._told = Told()
        self._seconds = math.inf if seconds is None else seconds
        self._end = math.inf

    def goes_on(self, wait_s: float) -> bool:
        """Wait, at most until the time is over that counts from the first wait."""
        self._end = min(self._end, time.monotonic() + self._seconds)
        until = min(time.monotonic() + wait_s, self._end)
        while (left_s := until - time.monotonic()) > 0 and not self._told.to_end():
            time.sleep(min(left_s, LISTEN_S))
        return until < self._end and not self._told.to_end()
