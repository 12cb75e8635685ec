"""The page that says, for each security requirement, which test meets it or why none does.

The requirements stand in ``docs/security/requirements/*.yaml``, one file a section.
``python -m tanzhang.workbench.requirements`` writes the page in both languages; a test holds it
current and looks every named test up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path("docs/security/requirements")
PAGES: Final = {
    "en": Path("docs/security/requirements.md"),
    "zh": Path("docs/security/requirements.zh-CN.md"),
}
STATES: Final = ("met", "partly", "not")

_TITLE: Final = {
    "en": "# Security requirements and the tests that meet them",
    "zh": "# 安全要求与对应测试",
}
_LEAD: Final = {
    "en": (
        "[中文](requirements.zh-CN.md)\n\n"
        "Each line is a requirement that a bank's or a city's review would ask about. **Met** names"
        " the test that fails\nif it is broken; **partly** and **not** say why. The page is made"
        " from `docs/security/requirements/`\nby `make reference`, and a test looks up every test"
        " that is named.\n\n"
        "{met} met, {partly} partly, {not_} not, of {all}. Where a law or standard stands behind a"
        " requirement,\nthis page is an engineer's reading and no legal advice."
    ),
    "zh": (
        "[English](requirements.md)\n\n"
        "每行是银行或城市安全评审会问到的一条要求。**满足**列出一旦被破坏就会失败的测试；"
        "**部分**与**未满足**说明原因。\n本页由 `make reference` 从 `docs/security/requirements/` "
        "生成，并有测试逐一核对所列测试确实存在。\n\n"
        "共 {all} 条：满足 {met} 条，部分满足 {partly} 条，未满足 {not_} 条。要求背后有法律或"
        "标准的，本页只是\n工程师的理解，不构成法律意见。"
    ),
}
_SECTIONS: Final = {
    "a-people": {"en": "Protection of personal information", "zh": "个人信息保护"},
    "b-standards": {
        "en": "Standards of finance and national cryptography",
        "zh": "金融与国产密码标准",
    },
    "c-partners": {"en": "Partner interface", "zh": "合作方接口"},
    "d-authenticity": {"en": "Fraud and counting twice", "zh": "欺诈与重复计算"},
    "e-ledger": {"en": "Ledger and points", "zh": "账本与积分"},
    "f-operation": {"en": "Reliability and supply", "zh": "可靠性与供应链"},
}
_HEAD: Final = {
    "en": "| number | requirement | state | test or reason |\n|---|---|---|---|",
    "zh": "| 编号 | 要求 | 状态 | 测试或原因 |\n|---|---|---|---|",
}
_STATES: Final = {
    "en": {"met": "met", "partly": "partly", "not": "not"},
    "zh": {"met": "满足", "partly": "部分", "not": "未满足"},
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement; ``tests`` are pytest's own names, from the root of the repository."""

    id: str
    words: dict[str, str]
    state: str
    tests: tuple[str, ...]
    why: dict[str, str] | None


def requirements(root: Path = Path()) -> dict[str, list[Requirement]]:
    """Every requirement by section, in the order of the files."""
    return {
        name: [
            _requirement(number, said)
            for number, said in yaml.safe_load(
                (root / FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
            ).items()
        ]
        for name in _SECTIONS
    }


def _requirement(number: str, said: dict[str, Any]) -> Requirement:
    return Requirement(
        number,
        {"en": said["en"], "zh": said["zh"]},
        said["state"],
        tuple(said["tests"]),
        said.get("why"),
    )


def page(lang: str, root: Path = Path()) -> str:
    """The whole page in one language."""
    sections = requirements(root)
    listed = [one for section in sections.values() for one in section]
    counts = {state: sum(one.state == state for one in listed) for state in STATES}
    lead = _LEAD[lang].format(
        met=counts["met"], partly=counts["partly"], not_=counts["not"], all=len(listed)
    )
    parts = [_TITLE[lang], "", lead]
    for name, section in sections.items():
        parts += ["", f"## {_SECTIONS[name][lang]}", "", _HEAD[lang], *_rows(section, lang)]
    return "\n".join(parts) + "\n"


def _rows(section: list[Requirement], lang: str) -> Iterator[str]:
    for one in section:
        said = [f"`{test}`" for test in one.tests]
        if one.why is not None:
            said.append(one.why[lang])
        yield (
            f"| {one.id} | {one.words[lang]} | {_STATES[lang][one.state]} | {'<br>'.join(said)} |"
        )


def main() -> int:
    """Write both pages."""
    for lang, path in PAGES.items():
        path.write_text(page(lang), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
