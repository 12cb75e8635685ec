"""Who may join, lists, cohorts, features and surveys as scripts and as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from tanzhang.problems import sentences
from tanzhang.surfaces.cli.partner_text import moment

if TYPE_CHECKING:
    from tanzhang.apps.people.api import QuestionResult, RowResult, StageEntry, Stages
    from tanzhang.engine.packs.joining.section import Condition, Joining, Survey

_WORDS = {
    "en": {
        "head": "{programme}: joined by {doors}",
        "who": "who may join: {who}",
        "anybody": "anybody for whom a partner vouches, or who shows a phone",
        "host": "a partner's hand-over",
        "phone": "phone and code",
        "and": " and ",
        "or": " or ",
        "rule": "  {id}: {title} ({evidence} {of})",
        "claim": "a partner's word:",
        "list": "the list",
        "field": "the verified field",
        "asked": "asked: {fields}",
        "nothing": "nothing",
        "listed": "list {name}: {count} people",
        "row": "line {line}: {result}",
        "rows": "{added} added, {known} on the list already, {wrong} wrong",
        "cohort": "{name}  {title}  {stage}  {count} people{places}",
        "places": " of {places}",
        "feature": "{name}  {title}  ({opens} {what})  seen by {audience}",
        "none": "There are no cohorts and no features.",
        "announced": "announced",
        "open": "open",
        "closed": "closed",
        "everyone": "everyone",
        "change": "{id}. {at}  {by} wants {name} to be {value}: {note}",
        "alone": "in force at once",
        "approved": "approved by {by}, in force",
        "refused": "refused by {by}",
        "withdrawn": "withdrawn",
        "waits": "waits for another person",
        "hidden": "fewer than 10",
        "replies": "{count} replies",
        "few": "too few replies to tell",
    },
    "zh": {
        "head": "{programme}：加入途径为{doors}",
        "who": "谁可以加入：{who}",
        "anybody": "合作方证明其身份的人，或凭手机号加入的人",
        "host": "合作方交接",
        "phone": "手机验证码",
        "and": "且",
        "or": "或",
        "rule": "  {id}：{title}（{evidence}{of}）",
        "claim": "合作方声明 ",
        "list": "名单 ",
        "field": "经核实的字段 ",
        "asked": "询问：{fields}",
        "nothing": "无",
        "listed": "名单 {name}：{count} 人",
        "row": "第 {line} 行：{result}",
        "rows": "新增 {added} 人，已在名单 {known} 人，错误 {wrong} 行",
        "cohort": "{name}  {title}  {stage}  {count} 人{places}",
        "places": "，共 {places} 个名额",
        "feature": "{name}  {title}（{opens} {what}）  可见范围：{audience}",
        "none": "没有内测群组，也没有功能开关。",
        "announced": "已预告",
        "open": "开放中",
        "closed": "已关闭",
        "everyone": "所有人",
        "change": "{id}. {at}  {by} 申请将 {name} 改为 {value}：{note}",
        "alone": "立即生效",
        "approved": "经 {by} 批准，已生效",
        "refused": "被 {by} 拒绝",
        "withdrawn": "已撤回",
        "waits": "等待另一人决定",
        "hidden": "不足 10",
        "replies": "{count} 份答卷",
        "few": "答卷太少，不予公布",
    },
}


def rules_json(programme: str, joining: Joining, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Who may join, as scripts read it."""
    return {
        "programme": programme,
        "doors": list(joining.doors),
        "who": _condition_json(joining.who),
        "rules": {
            rule.id: {
                "title": {"zh": rule.title.zh, "en": rule.title.en},
                "evidence": rule.evidence.value,
                "of": rule.of,
                "values": list(rule.values),
            }
            for rule in joining.rules.values()
        },
        "asked": {
            name: {"required": asked.required, "verified": asked.verified or None}
            for name, asked in joining.form.fields.items()
        },
        "kinds": list(joining.form.kinds),
        "lists": {name: sizes.get(name, 0) for name in joining.lists},
    }


def print_rules(programme: str, joining: Joining, sizes: Mapping[str, int], lang: str) -> None:
    """Who may join, as people read it."""
    words = _WORDS[lang]
    doors = words["or"].join(words[door] for door in joining.doors)
    typer.echo(words["head"].format(programme=programme, doors=doors))
    who = words["anybody"] if joining.who is None else _condition_text(joining.who, joining, lang)
    typer.echo(words["who"].format(who=who))
    for rule in joining.rules.values():
        told = {"id": rule.id, "title": rule.title[lang], "of": rule.of}
        typer.echo(words["rule"].format(evidence=words[rule.evidence.value], **told))
    typer.echo(words["asked"].format(fields=", ".join(joining.form.fields) or words["nothing"]))
    for name in joining.lists:
        typer.echo(words["listed"].format(name=name, count=sizes.get(name, 0)))


def print_rows(results: Sequence[RowResult], lang: str) -> None:
    """What became of a list's lines: the wrong ones by name, the others by number."""
    words = _WORDS[lang]
    wrong = [row for row in results if row.result not in ("added", "known")]
    for row in wrong:
        what = sentences()[row.result][lang]["what"]
        typer.echo(words["row"].format(line=row.line, result=what))
    added = sum(row.result == "added" for row in results)
    known = len(results) - added - len(wrong)
    typer.echo(words["rows"].format(added=added, known=known, wrong=len(wrong)))


def cohorts_json(
    joining: Joining, now: Stages, counts: Mapping[str, int]
) -> dict[str, list[dict[str, Any]]]:
    """Cohorts and features as scripts read them."""
    return {
        "cohorts": [
            {
                "name": cohort.id,
                "stage": now.of_cohort(cohort.id),
                "people": counts.get(cohort.id, 0),
                "places": cohort.places,
            }
            for cohort in joining.cohorts.values()
        ],
        "features": [
            {
                "name": feature.id,
                "opens": feature.opens,
                "of": feature.name,
                "audience": list(now.audience(feature)),
            }
            for feature in joining.features.values()
        ],
    }


def print_cohorts(joining: Joining, now: Stages, counts: Mapping[str, int], lang: str) -> None:
    """Cohorts and features as people read them."""
    words = _WORDS[lang]
    for cohort in joining.cohorts.values():
        places = words["places"].format(places=cohort.places) if cohort.places else ""
        stage = words[now.of_cohort(cohort.id)]
        told = {"name": cohort.id, "title": cohort.title[lang], "stage": stage, "places": places}
        typer.echo(words["cohort"].format(count=counts.get(cohort.id, 0), **told))
    for feature in joining.features.values():
        audience = ", ".join(words.get(who, who) for who in now.audience(feature))
        told = {"name": feature.id, "title": feature.title[lang], "opens": feature.opens}
        typer.echo(words["feature"].format(what=feature.name, audience=audience, **told))
    if not joining.cohorts and not joining.features:
        typer.echo(words["none"])


def change_json(entry: StageEntry) -> dict[str, Any]:
    """A change as scripts read it."""
    return {
        "change": entry.id,
        "kind": entry.kind,
        "name": entry.name,
        "value": entry.value,
        "proposed_by": entry.proposed_by,
        "note": entry.note,
        "decision": entry.decision or None,
        "decided_by": entry.decided_by or None,
        "in_force": entry.decision in ("alone", "approved"),
    }


def print_changes(entries: Iterable[StageEntry], lang: str) -> None:
    """Changes as people read them."""
    words = _WORDS[lang]
    for entry in entries:
        value = "、".join(words.get(who, who) for who in entry.value.split(","))
        told = {"id": entry.id, "at": moment(entry.proposed_at), "by": entry.proposed_by}
        typer.echo(words["change"].format(name=entry.name, value=value, note=entry.note, **told))
        typer.echo("   " + words[entry.decision or "waits"].format(by=entry.decided_by))


def results_json(survey: str, results: Sequence[QuestionResult]) -> dict[str, Any]:
    """Counted answers as scripts read them; null where a count is not told."""
    return {
        "survey": survey,
        "questions": {
            one.question: {
                "replies": one.replies,
                "answers": {answer.answer: answer.chosen for answer in one.answers},
            }
            for one in results
        },
    }


def print_results(survey: Survey, results: Sequence[QuestionResult], lang: str) -> None:
    """Counted answers as people read them."""
    words = _WORDS[lang]
    for question, result in zip(survey.questions, results, strict=True):
        known = result.replies is not None
        told = words["replies"].format(count=result.replies) if known else words["few"]
        typer.echo(f"{question.text[lang]}  ({told})")
        for answer in result.answers:
            chosen = words["hidden"] if answer.chosen is None else str(answer.chosen)
            typer.echo(f"  {question.answers[answer.answer][lang]}: {chosen}")


def _condition_json(who: Condition | None) -> Any:
    if who is None or isinstance(who, str):
        return who
    word = type(who).__name__
    return {"any" if word == "Either" else "all": [_condition_json(part) for part in who.parts]}


def _condition_text(who: Condition, joining: Joining, lang: str) -> str:
    if isinstance(who, str):
        return joining.rules[who].title[lang]
    joint = _WORDS[lang]["or" if type(who).__name__ == "Either" else "and"]
    parts = [_condition_text(part, joining, lang) for part in who.parts]
    return joint.join(
        part if isinstance(inner, str) else f"({part})"
        for part, inner in zip(parts, who.parts, strict=True)
    )
