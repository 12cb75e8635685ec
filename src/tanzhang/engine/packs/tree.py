"""YAML files as trees that keep every value's exact text and its line.

PyYAML's ``compose`` is used and none of its conversions: ``0.10`` stays the text 0.10 (a decimal,
never a float), ``no`` stays a word, and every fault can name its line. Aliases are refused (a pack
must read from top to bottom, and an alias bomb must not), and so are repeated keys.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.problems import LANGUAGES, Problem
from tanzhang.stored_time import date_of, day_number

MAX_BYTES = 1 << 20
#: The C parser where PyYAML has it: ten times faster, the same events and marks.
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: A folded line break between two Chinese characters is no space.
_CHINESE = r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—]"
_NO_SPACE = re.compile(rf"(?<={_CHINESE}) (?={_CHINESE})")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (text), a list or a mapping of nodes, and where it stands."""

    value: str | tuple[Node, ...] | dict[str, Node]
    place: Place

    @property
    def file(self) -> Path:
        return self.place.file

    @property
    def line(self) -> int:
        return self.place.line

    def scalar(self) -> str:
        """The text of a scalar. Raises Problem ``packs.value_not_text``."""
        if not isinstance(self.value, str):
            raise Problem("packs.value_not_text")
        return self.value


def read_tree(file: Path) -> Node:
    """The tree of a file. Raises Problem ``packs.file_*`` or ``packs.yaml_*``."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Problem("packs.file_unreadable", file=str(file), reason=str(error)) from None
    if len(data) > MAX_BYTES:
        raise Problem("packs.file_too_large", file=str(file), most=MAX_BYTES)
    try:
        text = data.decode("utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _Loader)):
            raise Problem("packs.yaml_alias")
        root = yaml.compose(text, _Loader)
    except UnicodeDecodeError:
        raise Problem("packs.file_not_utf8", file=str(file)) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or type(error).__name__
        line = mark.line + 1 if mark else 1
        raise Problem("packs.yaml_syntax", reason=reason, line=line) from None
    if root is None:
        raise Problem("packs.file_empty", file=str(file))
    return _convert(root, file)


def _convert(node: yaml.Node, file: Path, key: yaml.Node | None = None) -> Node:
    """A value stands where its key does: that is the line a reader looks for."""
    place = Place(file, (key or node).start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for inner, value in node.value:
            name = inner.value if isinstance(inner, yaml.ScalarNode) else ""
            if not name or name in entries:
                raise Problem("packs.yaml_key", key=name, line=inner.start_mark.line + 1)
            entries[name] = _convert(value, file, inner)
        return Node(entries, place)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_convert(item, file) for item in node.value), place)
    folded = node.end_mark.line > node.start_mark.line
    return Node(_NO_SPACE.sub("", node.value) if folded else node.value, place)


def day_of(text: str) -> int:
    """``2022-08-25`` as days since 1970-01-01. Raises Problem ``packs.date_malformed``."""
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        raise Problem("packs.date_malformed", text=text) from None


def write_day(day: int) -> str:
    """Days since 1970-01-01 as ``2022-08-25``."""
    return date_of(day).isoformat()


@dataclass
class Block:
    """A mapping being read: each key is asked for once, and ``close`` names those nobody asked for.

    A reader method records what is wrong in ``faults`` and answers a harmless value, so that one
    run finds every fault of a file.
    """

    node: Node
    faults: Faults
    asked: set[str] = field(default_factory=set)

    @property
    def entries(self) -> Mapping[str, Node]:
        """The mapping; empty where the file has something else (which is recorded once)."""
        if isinstance(self.node.value, dict):
            return self.node.value
        if "" not in self.asked:
            self.asked.add("")
            self.faults.add(self.node, "packs.value_not_a_mapping")
        return {}

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The node under a key; a missing one is recorded where it is required."""
        self.asked.add(key)
        node = self.entries.get(key)
        if node is None and required:
            self.faults.add(self.node, "packs.key_missing", key=key)
        return node

    def text(self, key: str, *, required: bool = True) -> str:
        """A scalar's text, or ``""``."""
        node = self.get(key, required=required)
        if node is None:
            return ""
        with self.faults.at(node):
            text = node.scalar().strip()
            if not text and required:
                raise Problem("packs.key_missing", key=key)
            return text
        return ""

    def choice(self, key: str, among: Collection[str], *, default: str | None = None) -> str:
        """One of the listed words."""
        text = self.text(key, required=default is None)
        if not text:
            return default or ""
        if text not in among:
            self.faults.add(
                self.get(key) or self.node,
                "packs.value_not_listed",
                key=key,
                value=text,
                known=", ".join(among),
            )
        return text

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false where it is missing."""
        return self.choice(key, ("true", "false"), default="false") == "true"

    def day(self, key: str, *, required: bool = False, default: int = 0) -> int:
        """A date as days since 1970-01-01."""
        text = self.text(key, required=required)
        if text:
            with self.faults.at(self.get(key) or self.node):
                return day_of(text)
        return default

    def both(self, key: str, *, required: bool = True) -> Text | None:
        """A text in Chinese and English; a missing language is recorded."""
        node = self.get(key)
        if node is None:
            if required:
                self.faults.add(self.node, "packs.language_missing", key=key, language="zh, en")
            return None
        block = Block(node, self.faults)
        found = {lang: block.text(lang, required=False) for lang in LANGUAGES}
        for lang, text in found.items():
            if not text:
                self.faults.add(node, "packs.language_missing", key=key, language=lang)
        block.close()
        return Text(found["zh"], found["en"])

    def titled(self, key: str) -> Text:
        """Like ``both``, with empty texts where there is none."""
        return self.both(key) or Text("", "")

    def block(self, key: str, *, required: bool = False) -> Block | None:
        """The mapping under a key."""
        node = self.get(key, required=required)
        return None if node is None else Block(node, self.faults)

    def blocks(self, key: str) -> Iterator[tuple[str, Block]]:
        """The mappings under a key, by name; none where the key is missing."""
        inner = self.block(key)
        if inner is not None:
            for name, node in inner.entries.items():
                yield name, Block(node, self.faults)

    def items(self, key: str, *, required: bool = False) -> tuple[Node, ...]:
        """The list under a key; empty where it is missing."""
        node = self.get(key, required=required)
        if node is None:
            return ()
        if isinstance(node.value, tuple):
            return node.value
        self.faults.add(node, "packs.value_not_a_list", key=key)
        return ()

    def close(self) -> None:
        """Records every key that nobody asked for: a slip of the pen must not go unseen."""
        for key, node in self.entries.items():
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, 1)
                hint = near[0] if near else ", ".join(sorted(self.asked - {""}))
                self.faults.add(node, "packs.key_unknown", key=key, hint=hint)
