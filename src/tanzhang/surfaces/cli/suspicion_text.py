"""Suspicions as scripts and as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from tanzhang.surfaces.cli.partner_text import moment

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import ProposalEntry, SuspicionEntry

_WORDS = {
    "en": {
        "head": "{id}. {partner}  {key}  since {since}  {state}",
        "counts": "{events} acts of {people} people: {amount}, {points} points",
        "treated": "{held} are held, {replaced} have an earlier report in their place, {cleared} "
        "came again from a good key",
        "opened": "opened by {by} at {at}",
        "empty": "There is no suspicion.",
        "listing": "what is suspect is being found",
        "open": "open",
        "proposed": "a decision is proposed",
        "releasing": "confirmed, acts are being released",
        "confirmed": "confirmed",
        "reversed": "reversed",
        "proposal": "{at}  {by} proposed to {what}: {note}",
        "decision": "{at}  {by} {decision} it. {note}",
        "confirm": "confirm",
        "reverse": "reverse",
        "approved": "approved",
        "refused": "refused",
        "withdrawn": "withdrew",
        "was_proposed": "Proposal {number} waits for another person.",
        "was_approved": "It is decided.",
        "was_refused": "The proposal is refused.",
        "was_withdrawn": "The proposal is withdrawn.",
        "left": "Suspicions with something left to do: {count}.",
    },
    "zh": {
        "head": "{id}. {partner}  {key}  自 {since}  {state}",
        "counts": "涉及 {people} 人的 {events} 次行为：{amount}，{points} 积分",
        "treated": "{held} 次挂起，{replaced} 次以此前的上报为准，{cleared} 次已由可信密钥重新上报",
        "opened": "由 {by} 于 {at} 建立",
        "empty": "没有存疑记录。",
        "listing": "正在查找所涉行为",
        "open": "待决",
        "proposed": "已有申请",
        "releasing": "已确认，正在解除",
        "confirmed": "已确认",
        "reversed": "已冲正",
        "proposal": "{at}  {by} 申请{what}：{note}",
        "decision": "{at}  {by} {decision}。{note}",
        "confirm": "确认",
        "reverse": "冲正",
        "approved": "已批准",
        "refused": "已拒绝",
        "withdrawn": "已撤回",
        "was_proposed": "申请 {number} 等待另一人决定。",
        "was_approved": "已作出决定。",
        "was_refused": "申请已被拒绝。",
        "was_withdrawn": "申请已撤回。",
        "left": "尚有工作的存疑记录：{count}。",
    },
}


def said(name: str, lang: str, **told: object) -> None:
    """One sentence about what was done."""
    typer.echo(_WORDS[lang][name].format(**told))


def suspicion_json(entry: SuspicionEntry) -> dict[str, Any]:
    """A suspicion as scripts read it."""
    return {
        "suspicion": entry.id,
        "partner": entry.partner,
        "key": entry.key_id,
        "since": moment(entry.since),
        "until": moment(entry.until),
        "opened_at": moment(entry.opened_at),
        "opened_by": entry.opened_by,
        "note": entry.note,
        "state": entry.state,
        "proposed": entry.proposed,
        "events": entry.events,
        "people": entry.people,
        "reduction_mg": entry.reduction_mg,
        "points": entry.points,
        "held": entry.held,
        "replaced": entry.replaced,
        "cleared": entry.cleared,
    }


def proposal_json(made: ProposalEntry) -> dict[str, Any]:
    """A proposal and its decision as scripts read them."""
    return {
        "proposal": made.id,
        "resolution": made.resolution,
        "proposed_at": moment(made.proposed_at),
        "proposed_by": made.proposed_by,
        "note": made.note,
        "decision": made.decision,
        "decided_at": moment(made.decided_at),
        "decided_by": made.decided_by,
        "decision_note": made.decision_note,
    }


def print_suspicion(entry: SuspicionEntry, lang: str) -> None:
    """A suspicion with what is at stake."""
    from tanzhang.apps.activities.api import kilograms

    words = _WORDS[lang]
    head = {"id": entry.id, "partner": entry.partner, "key": entry.key_id}
    since = moment(entry.since)
    typer.secho(words["head"].format(**head, since=since, state=words[entry.state]), bold=True)
    amount = kilograms(entry.reduction_mg, lang)
    counts = {"events": entry.events, "people": entry.people, "points": entry.points}
    typer.echo("  " + words["counts"].format(**counts, amount=amount))
    treated = {"held": entry.held, "replaced": entry.replaced, "cleared": entry.cleared}
    typer.echo("  " + words["treated"].format(**treated))


def print_suspicions(entries: Sequence[SuspicionEntry], lang: str) -> None:
    """All of them."""
    if not entries:
        said("empty", lang)
    for entry in entries:
        print_suspicion(entry, lang)


def print_history(entry: SuspicionEntry, made: Sequence[ProposalEntry], lang: str) -> None:
    """Who opened, proposed and decided."""
    words = _WORDS[lang]
    opened = words["opened"].format(by=entry.opened_by, at=moment(entry.opened_at))
    typer.echo(f"  {opened}  {entry.note}".rstrip())
    for line in made:
        told = {"at": moment(line.proposed_at), "by": line.proposed_by, "note": line.note}
        typer.echo("  " + words["proposal"].format(**told, what=words[line.resolution]))
        if line.decision is not None:
            decided = {"at": moment(line.decided_at), "by": line.decided_by}
            text = words["decision"].format(
                **decided, decision=words[line.decision], note=line.decision_note
            )
            typer.echo(f"  {text}".rstrip())
