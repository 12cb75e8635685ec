"""Every refusal can be read by everybody it may meet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter

import yaml

from tanzhang.problems import LANGUAGES, PARTS, sentences

SHAPE = re.compile(r"[a-z][a-z0-9]*\.[a-z0-9]+(_[a-z0-9]+)*")
ENDS = {"en": (".", ".”"), "zh": ("。", "。”")}


def placeholders(sentence: str) -> set[str]:
    """The names in braces that a sentence expects."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name}


def expected_details(code: str) -> set[str]:
    """The names that a problem's sentences expect, in any language and part."""
    return set().union(
        *(placeholders(sentences()[code][lang][part]) for lang in LANGUAGES for part in PARTS)
    )


def raised(sources: dict[str, ast.Module]) -> Iterator[tuple[str, str, ast.Call]]:
    """Each ``Problem("code", …)`` in the source: where, which code, the call."""
    for path, tree in sources.items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            first = node.args[0]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "Problem" and isinstance(first, ast.Constant):
                yield f"{path}:{node.lineno}", str(first.value), node


def test_every_problem_has_every_part_in_both_languages() -> None:
    faults = [
        code
        for code, by_language in sentences().items()
        if set(by_language) != set(LANGUAGES)
        or any(set(parts) != set(PARTS) for parts in by_language.values())
    ]
    assert faults == []


def test_both_languages_of_a_problem_use_the_same_placeholders() -> None:
    faults = {}
    for code, by_language in sentences().items():
        en, zh = (
            set().union(*(placeholders(by_language[lang][part]) for part in PARTS))
            for lang in ("en", "zh")
        )
        if en != zh:
            faults[code] = en ^ zh
    assert faults == {}


def test_every_part_is_a_whole_sentence() -> None:
    faults = [
        f"{code} {lang} {part}: {text}"
        for code, by_language in sentences().items()
        for lang, parts in by_language.items()
        for part, text in parts.items()
        if not text.endswith(ENDS[lang]) or text != text.strip() or text[0].islower()
    ]
    assert faults == []


def test_a_code_is_room_and_noun_and_stands_in_its_rooms_file() -> None:
    faults = []
    for file in files("tanzhang.problems").iterdir():
        if file.name.endswith(".yaml"):
            loaded = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            room = file.name.removesuffix(".yaml")
            faults += [
                f"{file.name}: {code}"
                for code in loaded
                if not SHAPE.fullmatch(code) or code.split(".")[0] != room
            ]
    assert faults == []


def test_every_problem_that_is_raised_has_its_sentences(sources: dict[str, ast.Module]) -> None:
    faults = [f"{where}: {code}" for where, code, _ in raised(sources) if code not in sentences()]
    assert faults == []


def test_every_problem_that_is_raised_gives_what_its_sentences_name(
    sources: dict[str, ast.Module],
) -> None:
    faults = []
    for where, code, call in raised(sources):
        given = {keyword.arg for keyword in call.keywords}
        if code in sentences() and None not in given:
            missing = expected_details(code) - given
            faults += [f"{where}: {code} needs {name}" for name in sorted(missing)]
    assert faults == []


def test_every_problem_that_has_sentences_can_happen(sources: dict[str, ast.Module]) -> None:
    named: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for tree in sources.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.append(_pattern(node))
    faults = [
        code
        for code in sentences()
        if code not in named and not any(pattern.fullmatch(code) for pattern in patterns)
    ]
    assert faults == []


def _pattern(joined: ast.JoinedStr) -> re.Pattern[str]:
    """A regular expression for ``f"room.{name}"``; matches nothing if it has no room."""
    text = [str(p.value) if isinstance(p, ast.Constant) else None for p in joined.values]
    if not (text and text[0] and re.fullmatch(r"[a-z]+\.[a-z0-9_]*", text[0])):
        return re.compile(r"(?!)")
    return re.compile("".join(re.escape(part) if part else "[a-z0-9_]+" for part in text))
