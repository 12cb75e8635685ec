"""The page of errors, made from the list of codes and the sentences of problems.

``python -m tanzhang.surfaces.partner_api.developers.reference`` writes it in both languages; a test
holds it current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tanzhang.problems import Problem, sentences
from tanzhang.surfaces.partner_api.codes import CODES, Check, Code, sentences_of

#: What single events are told comes from the door's sentences; these two are never told of one.
NOT_OF_EVENTS = {"door.report_malformed", "door.partner_elsewhere"}

PAGES = {"en": "errors.md", "zh": "errors.zh-CN.md"}

_WORDS = {
    "en": {
        "title": "# Errors",
        "lead": (
            "A refusal is `application/problem+json` (RFC 9457). Program against `code`; the"
            " sentences may change.\n`retryable` says whether the same may go well a little later,"
            " with a new nonce and the same `Idempotency-Key`."
        ),
        "wholes": "## Codes of requests",
        "order": (
            "In the [order of the checks](checks.md). A request that breaks several rules hears of"
            " the first."
        ),
        "events": "## Codes of single events",
        "each": (
            "What the [receipt](receipts.md) says under `code` of an event that was not simply"
            " accepted."
        ),
        "check": "check {number}",
        "any": "at any time",
        "retryable": "retryable",
        "final": "not retryable",
        "head": "| code | meaning | what to do |",
        "example": "A refusal looks like this:",
    },
    "zh": {
        "title": "# 错误代码",
        "lead": (
            "拒绝以 `application/problem+json`（RFC 9457）返回。程序应依据 `code`，文字可能修改。\n"
            "`retryable` 说明稍后换用新的随机数、沿用同一 `Idempotency-Key` 重发是否可能成功。"
        ),
        "wholes": "## 请求的代码",
        "order": "按[检查顺序](checks.zh-CN.md)排列。同时违反多条规则的请求只会得知第一条。",
        "events": "## 单条事件的代码",
        "each": "[回执](receipts.zh-CN.md)中，未直接受理的事件在 `code` 中给出的内容。",
        "check": "第 {number} 项检查",
        "any": "任何时候",
        "retryable": "可重试",
        "final": "不可重试",
        "head": "| 代码 | 含义 | 应当怎么做 |",
        "example": "拒绝的样子：",
    },
}

_EXAMPLE = """\
```json
{
  "type": "/developers/errors/#NONCE_REPLAYED",
  "title": "The nonce was used before.",
  "status": 401,
  "code": "NONCE_REPLAYED",
  "detail_zh": "…",
  "detail_en": "…",
  "retryable": true,
  "request_id": "5774414510873993"
}
```"""


def errors_page(lang: str) -> str:
    """The whole page as Markdown."""
    words = _WORDS[lang]
    parts = [
        words["title"],
        words["lead"],
        words["example"],
        _EXAMPLE,
        words["wholes"],
        words["order"],
    ]
    for name, code in CODES.items():
        parts += [f"### {name}", "\n".join(_about(name, code, lang))]
    parts += [words["events"], words["each"], "\n".join(_of_events(lang))]
    return "\n\n".join(parts) + "\n"


def _about(name: str, code: Code, lang: str) -> Iterator[str]:
    words = _WORDS[lang]
    problem = Problem(sentences_of(name))
    number = code.check.value
    where = words["any"] if code.check is Check.ANY_TIME else words["check"].format(number=number)
    again = words["retryable" if code.retryable else "final"]
    yield f"`{code.status}` · {where} · {again}\n"
    yield problem.text(lang)


def _of_events(lang: str) -> Iterator[str]:
    yield _WORDS[lang]["head"]
    yield "|---|---|---|"
    for code, said in sentences().items():
        if code.startswith("door.") and code not in NOT_OF_EVENTS:
            own = said[lang]
            yield f"| `{code.removeprefix('door.')}` | {own['what']} | {own['now']} |"


def main() -> None:
    """Write both pages into the folder that is the first argument, or ``docs/partners``."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/partners")
    for lang, name in PAGES.items():
        (folder / name).write_text(errors_page(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
