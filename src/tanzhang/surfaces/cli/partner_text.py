"""Partners, their keys and agreements, as scripts and as people read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from tanzhang.apps.partners.api import AgreementEntry, KeyEntry, StandingChange

_WORDS = {
    "en": {
        "created": "{partner} may call now, with the key {key}.",
        "private": "Its private key is in {path}; nobody else has it.",
        "no_scene": "No scene of {programme} names it, so it can report nothing yet: agree with it "
        "on scenes (tanzhang partner agree --kind report --scenes …).",
        "added": "{partner} has the key {key}, good from {at} on.",
        "rotated": "{partner} has the new key {key}, good from {at} on; the old one stays good "
        "until {until}.",
        "revoked": "The key {key} of {partner} is refused from now on.",
        "compromised": "What it signed since {since} is distrusted.",
        "agreed": "Agreement {number} with {partner} holds from {at} on.",
        "ended": "Agreement {number} with {partner} ends at {at}.",
        "suspended": "{partner} is suspended: its next call is refused.",
        "resumed": "{partner} is served again.",
        "closed": "{partner} is closed for good.",
        "oidc": "People of {partner} enter at {address}; register {callback} there.",
        "empty": "There is no partner yet.",
        "keys": "Keys",
        "agreements": "Agreements",
        "changes": "Changes of its standing",
        "scenes": "Scenes",
        "none": "none",
        "all": "all scenes",
        "quota": "{items} items a day, {calls} calls a minute",
        "span": "from {first}",
        "until": "until before {end}",
        "sign": "to sign",
        "encrypt": "to encrypt",
        "report": "reports acts",
        "read_balance": "reads balances",
        "pull": "has files fetched",
        "hand_over": "hands its people over",
        "active": "active",
        "state_suspended": "suspended",
        "state_closed": "closed",
        "live": "live",
        "announced": "announced",
        "expired": "expired",
        "state_revoked": "revoked",
    },
    "zh": {
        "created": "{partner} 现在可以使用密钥 {key} 调用接口。",
        "private": "其私钥在 {path} 中，此外无人持有。",
        "no_scene": "{programme} 没有场景列出该合作方，因此还不能上报：请与其约定场景"
        "（tanzhang partner agree --kind report --scenes …）。",
        "added": "{partner} 的密钥 {key} 自 {at} 起有效。",
        "rotated": "{partner} 的新密钥 {key} 自 {at} 起有效；旧密钥有效至 {until}。",
        "revoked": "{partner} 的密钥 {key} 自即刻起被拒绝。",
        "compromised": "自 {since} 起由其签名的内容不再可信。",
        "agreed": "与 {partner} 的协议 {number} 自 {at} 起有效。",
        "ended": "与 {partner} 的协议 {number} 于 {at} 结束。",
        "suspended": "{partner} 已暂停：其下一次调用将被拒绝。",
        "resumed": "{partner} 已恢复。",
        "closed": "{partner} 已永久关闭。",
        "oidc": "{partner} 的用户从 {address} 进入；请在其身份服务处登记 {callback}。",
        "empty": "尚无合作方。",
        "keys": "密钥",
        "agreements": "协议",
        "changes": "状态变更",
        "scenes": "场景",
        "none": "无",
        "all": "全部场景",
        "quota": "每日 {items} 条，每分钟 {calls} 次调用",
        "span": "自 {first} 起",
        "until": "至 {end} 之前",
        "sign": "用于签名",
        "encrypt": "用于加密",
        "report": "上报行为",
        "read_balance": "读取余额",
        "pull": "由平台拉取文件",
        "hand_over": "移交本方用户",
        "active": "正常",
        "state_suspended": "暂停",
        "state_closed": "关闭",
        "live": "有效",
        "announced": "已公告",
        "expired": "已失效",
        "state_revoked": "已吊销",
    },
}


def word(name: str, lang: str) -> str:
    """The word for a standing, a key's state, a purpose or a kind of agreement."""
    words = _WORDS[lang]
    return words.get(f"state_{name}") or words[name]


def print_json(answer: Mapping[str, Any]) -> None:
    """One object on standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False))


def say(name: str, lang: str, **told: object) -> None:
    """One sentence about what was done."""
    typer.echo(_WORDS[lang][name].format(**told))


def moment(at: datetime | None) -> str | None:
    """An instant in UTC, to the second."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def key_json(key: KeyEntry, at: datetime) -> dict[str, Any]:
    """A key as scripts read it; its public half with it."""
    return {
        "key": key.key_id,
        "purpose": key.purpose.value,
        "algorithm": key.algorithm.value,
        "state": key.state(at),
        "announced_at": moment(key.announced_at),
        "active_from": moment(key.active_from),
        "active_until": moment(key.active_until),
        "revoked_at": moment(key.revoked_at),
        "compromised_since": moment(key.compromised_since),
        "pem": key.pem,
    }


def agreement_json(entry: AgreementEntry, at: datetime) -> dict[str, Any]:
    """An agreement as scripts read it."""
    return {
        "agreement": entry.id,
        "kind": entry.kind.value,
        "holds": entry.is_live(at),
        "scenes": None if entry.scenes is None else list(entry.scenes),
        "default_grade": entry.default_grade,
        "most_grade": entry.most_grade,
        "items_a_day": entry.items_a_day,
        "calls_a_minute": entry.calls_a_minute,
        "valid_from": moment(entry.valid_from),
        "valid_until": moment(entry.valid_until),
        "approved_by": entry.approved_by,
        "text_sm3": None if entry.text_digest is None else entry.text_digest.hex(),
    }


def change_json(change: StandingChange) -> dict[str, Any]:
    """A change of a partner's standing as scripts read it."""
    return {
        "at": moment(change.at),
        "standing": change.standing.value,
        "reason": change.reason,
        "by": change.changed_by,
    }


def print_list(partners: Sequence[Mapping[str, Any]], lang: str) -> None:
    """All partners, a line each."""
    if not partners:
        say("empty", lang)
    for line in partners:
        standing = word(line["standing"], lang)
        typer.echo(f"  {line['partner']}  {line['title'][lang]}  {line['programme']}  {standing}")


def print_keys(keys: Iterable[Mapping[str, Any]], lang: str) -> None:
    """Keys, a line each."""
    for key in keys:
        span = _span(key["active_from"], key["active_until"], lang)
        state, purpose = word(key["state"], lang), word(key["purpose"], lang)
        typer.echo(f"  {key['key']}  {key['algorithm']}  {purpose}  {state}  {span}")


def print_shown(answer: Mapping[str, Any], lang: str) -> None:
    """One partner with its scenes, keys, agreements and history."""
    words = _WORDS[lang]
    typer.secho(f"{answer['partner']}  {answer['title'][lang]}", bold=True)
    standing = word(answer["standing"], lang)
    typer.secho(f"{answer['programme']} · {standing}", dim=True)
    typer.secho(f"\n{words['scenes']}", bold=True)
    typer.echo("  " + (" ".join(answer["scenes"]) or words["none"]))
    typer.secho(f"\n{words['keys']}", bold=True)
    print_keys(answer["keys"], lang)
    typer.secho(f"\n{words['agreements']}", bold=True)
    for entry in answer["agreements"]:
        scenes = words["all"] if entry["scenes"] is None else " ".join(entry["scenes"])
        quota = words["quota"].format(items=entry["items_a_day"], calls=entry["calls_a_minute"])
        span = _span(entry["valid_from"], entry["valid_until"], lang)
        kind = word(entry["kind"], lang)
        typer.echo(f"  {entry['agreement']}. {kind}  {scenes}  {quota}  {span}")
    if answer["changes"]:
        typer.secho(f"\n{words['changes']}", bold=True)
    for change in answer["changes"]:
        standing = word(change["standing"], lang)
        typer.echo(f"  {change['at']}  {standing}  {change['by']}: {change['reason']}")


def _span(first: str, end: str | None, lang: str) -> str:
    words = _WORDS[lang]
    begun = words["span"].format(first=first)
    return begun if end is None else f"{begun} {words['until'].format(end=end)}"
