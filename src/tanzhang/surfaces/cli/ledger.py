"""``tanzhang ledger``: verify the books and print their digest."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.refusals import REFUSED, language, show

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import Verification

app = typer.Typer(
    help="Verify the books and print their digest.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Digest = Annotated[
    bool, typer.Option("--digest", help="Also print the SM3 digest of all outcomes and balances.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

#: What each check claims.
CLAIMS = {
    "every_unit_sums_to_zero": ("grams and points each sum to zero", "克与积分各自合计为零"),
    "balance_of_own_subject": ("balances lie with their subject", "余额归属正确的结算主体"),
    "balance_is_sum_of_outcomes": ("balances are sums of outcomes", "余额等于结论之和"),
    "lots_sum_to_points": ("lots sum up to points", "积分批次合计等于积分"),
    "lots_follow_from_outcomes": ("lots hold what outcomes put there", "积分批次与结论所定一致"),
    "piece_is_queued_or_settled": ("pieces wait or are settled", "分片或待结算或已结算"),
    "log_positions_have_no_gaps": ("the log has no gaps", "日志位置没有缺口"),
    "log_says_what_was_settled": ("the log says what was settled", "日志与结算一致"),
    "leaves_follow_from_outcomes": (
        "outcomes give the leaves that were posted",
        "由结论可再得已过账的叶",
    ),
    "erased_leaf_has_erasure": (
        "only leaves of the erased are kept as hashes",
        "仅被删除者的叶以散列代替",
    ),
    "erasures_follow_from_journal": (
        "every erasure is in the journal outside the database",
        "每次删除均见于数据库之外的删除日志",
    ),
    "erasures_were_carried_out": (
        "of whoever is erased nothing personal is left",
        "被删除者的个人数据均已不在",
    ),
    "roots_follow_from_log": ("published roots follow from the log", "已发布的根与日志相符"),
    "outcome_numbers_have_no_gaps": ("outcomes are numbered without gaps", "结论编号没有缺口"),
    "outcomes_follow_from_facts": ("settling the facts again gives the same", "重新结算结果一致"),
    "moved_event_leaves_nothing": ("moved events leave nothing behind", "移走的事件不留余量"),
    "amount_fits_status": ("amounts fit statuses", "数额与状态相符"),
    "month_is_of_day": ("months are those of the days", "月份与日期相符"),
    "day_is_local": ("days are local days", "日期为当地日"),
    "event_has_one_current_outcome": ("events have one outcome", "每个事件只有一个当前结论"),
    "accepted_event_has_outcome": ("accepted events have outcomes", "已受理的事件都有结论"),
    "outcome_has_accepted_event": ("outcomes have accepted events", "结论都有已受理的事件"),
}

#: Why a check was not done.
REASONS = {
    "requests_wait": (
        "acts wait to be settled again; run “tanzhang worker --until-empty”, then verify again",
        "有行为等待重新结算；请先运行“tanzhang worker --until-empty”，再行核对",
    ),
}


@app.callback()
def ledger() -> None:
    """Verify the books and print their digest."""


@app.command()
def verify(with_digest: Digest = False, as_json: Json = False, lang: Lang = None) -> None:
    """Derive every balance and count again and compare; list what does not agree.

    Equal digests mean equal books, however the reports arrived. While acts wait to be settled
    again, settling all facts anew is left out, and the answer says so. The exit code is 1 if any
    check finds something. Nothing is changed.

    Example: tanzhang ledger verify --digest
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities
    from tanzhang.config.opening import journal

    found = activities.verify(journal())
    digest = activities.digest() if with_digest else None
    if as_json:
        typer.echo(json.dumps(_as_json(found, digest), ensure_ascii=False))
    else:
        _print(found, digest, language(sys.argv[1:]))
    if not found.ok:
        raise typer.Exit(REFUSED)


def _as_json(found: Verification, digest: str | None) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "checks": found.checks,
        "offences": found.offences,
        "skipped": [{"check": s.check, "reason": s.reason} for s in found.skipped],
        "events": found.events,
        "outcomes": found.outcomes,
        "waiting_pieces": found.waiting_pieces,
        "digest": digest,
    }


def _print(found: Verification, digest: str | None, lang: str) -> None:
    is_zh = lang == "zh"
    for check, count in found.checks.items():
        claim = CLAIMS[check][is_zh]
        if count == 0:
            typer.secho(f"✓ {claim}", fg="green")
            continue
        typer.secho(f"✗ {claim} ({check}: {count:,})", fg="red", bold=True)
        for offence in found.offences[check]:
            typer.echo(f"    {offence}")
    for skipped in found.skipped:
        claim, reason = CLAIMS[skipped.check][is_zh], REASONS[skipped.reason][is_zh]
        left_out = f"未核对：{claim}：{reason}。" if is_zh else f"not checked: {claim}: {reason}."
        typer.secho(f"– {left_out}", fg="yellow", bold=True)
    counts = (found.events, found.outcomes, found.waiting_pieces)
    summary = (
        "{:,} 个事件，{:,} 个结论，{:,} 个分片待结算。"
        if is_zh
        else "{:,} events, {:,} outcomes, {:,} pieces waiting."
    )
    typer.echo(summary.format(*counts))
    if digest is not None:
        typer.echo(f"{'摘要' if is_zh else 'digest'} {digest}")
    if not found.ok:
        broken = sum(count > 0 for count in found.checks.values())
        show(Problem("ledger.books_broken", count=broken), sys.argv[1:])
