"""The record of processing as a page of Markdown, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tanzhang.apps.activities.accountability.record import Processing, ProcessingRecord

_WORDS: Final = {
    "zh": {
        "title": "个人信息处理活动记录",
        "head": "系统环境 {installation}，截至 {at}。个人信息保护负责人：{contact}。",
        "nobody": "尚未指定",
        "who": "有账户者 {persons} 人；处理过敏感个人信息 {sensitive_persons} 人；"
        "未满十四岁 {children} 人；本年度向境外提供 {cross_border_persons} 人。",
        "processing": "处理活动",
        "one": "{partner} – {purpose}",
        "scenes": "场景：{list}",
        "fields": "字段：{list}",
        "sensitive": "敏感类别：{list}",
        "span": "自 {since} 至 {until}，所在地 {country}",
        "open": "无固定期限",
        "assessed": "影响评估第 {number} 号，责任人 {owner}。必要性：{necessity}",
        "not_assessed": "没有有效的影响评估。",
        "personal": "保存的个人信息",
        "field": "{title}（{data_class}）：{purpose}",
        "columns": "各数据级别及其保护",
        "column": "{kind}：{count} 列",
        "retention": "保存期限",
        "term": "{title}：{days}。{reason}",
        "days": "{days} 天",
        "stays": "长期保存",
        "none": "无",
    },
    "en": {
        "title": "Record of processing activities",
        "head": "Installation {installation}, as of {at}."
        " Responsible for personal data: {contact}.",
        "nobody": "nobody is named yet",
        "who": "{persons} people have an account; of {sensitive_persons} sensitive data were"
        " handled; {children} are under 14; of {cross_border_persons} data were given abroad this"
        " year.",
        "processing": "Processing",
        "one": "{partner} – {purpose}",
        "scenes": "Scenes: {list}",
        "fields": "Fields: {list}",
        "sensitive": "Sensitive kinds: {list}",
        "span": "From {since} to {until}, in {country}",
        "open": "no fixed end",
        "assessed": "Impact assessment {number}; {owner} answers for it. Necessity: {necessity}",
        "not_assessed": "No impact assessment holds.",
        "personal": "Personal fields",
        "field": "{title} ({data_class}): {purpose}",
        "columns": "Classes of data and their protection",
        "column": "{kind}: {count} columns",
        "retention": "How long things are kept",
        "term": "{title}: {days}. {reason}",
        "days": "{days} days",
        "stays": "for good",
        "none": "none",
    },
}


def record_in_words(found: ProcessingRecord, lang: str) -> str:
    """The whole record."""
    words = _WORDS[lang]
    contact = found.contact or words["nobody"]
    at = found.at.isoformat(timespec="seconds")
    lines = [
        f"# {words['title']}",
        words["head"].format(installation=found.installation, at=at, contact=contact),
        words["who"].format(**found.volumes),
        f"## {words['processing']}",
    ]
    for each in found.processing:
        lines += _processing(each, lang, words)
    lines.append(f"## {words['personal']}")
    lines.append(_bullets(_field(each, lang, words) for each in found.personal_fields))
    lines.append(f"## {words['columns']}")
    listed = (
        words["column"].format(kind=kind, count=count) for kind, count in found.columns.items()
    )
    lines += [_bullets(listed), f"## {words['retention']}"]
    lines.append(_bullets(_term(each, lang, words) for each in found.terms))
    return "\n\n".join(lines) + "\n"


def _processing(each: Processing, lang: str, words: Mapping[str, str]) -> list[str]:
    head = words["one"].format(partner=each.partner_title[lang], purpose=each.purpose_title[lang])
    facts = [
        words[name].format(list=", ".join(getattr(each, name)) or words["none"])
        for name in ("scenes", "fields", "sensitive")
    ]
    until = words["open"] if each.until is None else each.until.date().isoformat()
    span = {"since": each.since.date().isoformat(), "until": until, "country": each.country}
    facts.append(words["span"].format(**span))
    if each.assessment is None:
        facts.append(words["not_assessed"])
    else:
        said = {"number": each.assessment, "owner": each.owner, "necessity": each.necessity}
        facts.append(words["assessed"].format(**said))
    return [f"### {head}", _bullets(facts)]


def _field(each: Mapping[str, Any], lang: str, words: Mapping[str, str]) -> str:
    return words["field"].format(
        title=each["title"][lang], data_class=each["class"], purpose=each["purpose"][lang]
    )


def _term(each: Mapping[str, Any], lang: str, words: Mapping[str, str]) -> str:
    days = words["stays"] if each["days"] is None else words["days"].format(days=each["days"])
    return words["term"].format(title=each["title"][lang], days=days, reason=each["reason"][lang])


def _bullets(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)
