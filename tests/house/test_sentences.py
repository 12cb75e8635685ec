"""Every text that a page shows exists in Chinese and in English, and none is left unmarked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils.text import smart_split

from tanzhang.surfaces.look.messages import catalogue
from tanzhang.surfaces.look.messages.found import Sentence

LETTERS = re.compile(r"[^\W\d_]")
HOLES = re.compile(r"%\(\w+\)s|%s|%d")
SURFACES = catalogue.PACKAGE / "surfaces"
TEMPLATES = sorted(SURFACES.rglob("*.html"))

#: Attributes that are read out or shown.
SPOKEN = {"alt", "aria-label", "label", "placeholder", "title"}
#: Parameters of our components that are texts.
TEXTS = {"action", "label", "note", "text", "title"}
SILENT = {"code", "script", "style"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "use", "path", "rect", "circle"}


class Texts(HTMLParser):
    """The texts and spoken attributes of a page that a translator would have to see.

    Not these: code, scripts, what says ``translate="no"``, what names its own language, and icons
    that a font draws from their names.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        icon = "material-symbols" in (given.get("class") or "")
        own_language = "lang" in given and tag != "html"
        silent = tag in SILENT or given.get("translate") == "no" or icon or own_language
        if not silent and not self._silent():
            self._take(*(given[name] or "" for name in SPOKEN & given.keys()))
        if tag not in VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == name for name, _ in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent():
            self._take(data)

    def _take(self, *texts: str) -> None:
        self.found += [text.strip() for text in texts if LETTERS.search(text)]


def bare(template: str) -> list[str]:
    """Texts of a template that nobody marked for translation."""
    html, literals, skipping = [], [], ""
    for token in Lexer(template).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if skipping:
            skipping = "" if name == skipping else skipping
        elif token.token_type == TokenType.TEXT:
            html.append(token.contents)
        elif token.token_type == TokenType.BLOCK:
            literals += _literals(token.contents)
            if name in {"blocktranslate", "blocktrans", "comment"}:
                skipping = f"end{name}"
            elif name == "block" and token.contents.endswith("class"):
                skipping = "endblock"  # names of classes, for an attribute of the page below
    texts = Texts()
    texts.feed("".join(html))
    texts.close()
    return texts.found + literals


def _literals(contents: str) -> Iterator[str]:
    """Texts that a component was handed as plain literals: ``{% button "Go" %}``."""
    from tanzhang.surfaces.look.templatetags import look

    name, *bits = smart_split(contents)
    component = getattr(look, name, None) if name in look.register.tags else None
    if component is None:
        return
    places = [p for p in inspect.signature(component).parameters if p != "context"]
    for place, bit in enumerate(bits):
        parameter, _, value = bit.partition("=") if re.match(r"\w+=", bit) else ("", "", bit)
        parameter = parameter or (places[place] if place < len(places) else "")
        if parameter in TEXTS and value[:1] in {'"', "'"} and LETTERS.search(value):
            yield value.strip("\"'")


@pytest.fixture(scope="module")
def wanted() -> dict[Sentence, str]:
    """Every sentence that needs Chinese words, and where it comes from."""
    return catalogue.borrowed() | catalogue.own()


@pytest.fixture(scope="module")
def known() -> catalogue.Translations:
    """The catalogue."""
    return catalogue.read()


def test_every_sentence_has_chinese_words(
    wanted: dict[Sentence, str], known: catalogue.Translations
) -> None:
    """Run ``make messages``, then write the missing words into the catalogue."""
    assert {s.singular: wanted[s] for s in catalogue.untranslated(wanted, known)} == {}


def test_the_catalogue_has_no_sentence_that_no_page_shows(
    wanted: dict[Sentence, str], known: catalogue.Translations
) -> None:
    assert sorted(known.keys() - wanted.keys()) == []


def test_the_catalogue_is_as_make_messages_writes_it(known: catalogue.Translations) -> None:
    source, _ = catalogue.written(catalogue.own(), catalogue.borrowed(), known)
    assert catalogue.PO.read_bytes() == source
    assert b"fuzzy" not in source


def test_django_reads_what_people_wrote(known: catalogue.Translations) -> None:
    translated = {sentence: texts for sentence, texts in known.items() if all(texts)}
    assert catalogue.read_compiled() == translated


def test_translations_keep_the_holes_and_the_lines(known: catalogue.Translations) -> None:
    faults = [
        sentence.singular
        for sentence, texts in known.items()
        for text in texts
        if text
        and (
            set(HOLES.findall(text)) != set(HOLES.findall(sentence.plural or sentence.singular))
            or text.startswith("\n") != sentence.singular.startswith("\n")
        )
    ]
    assert faults == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(SURFACES).as_posix())
def test_no_template_holds_a_text_that_is_not_marked(file: Path) -> None:
    assert bare(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>你好 {{ name }}</p>", ["你好"]),
        ('<p>{% translate "Hello" %}: 12 %</p>', []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ("{% comment %}Hello{% endcomment %}{# Hello #}<!-- Hello -->", []),
        ('<img alt="A tree"><input placeholder="{{ text }}" value="x">', ["A tree"]),
        ('<b translate="no">Tanzhang</b><b>Hello</b>', ["Hello"]),
        ('<div translate="no"><p>a<br>b</p></div><p aria-label="Hello"></p>', ["Hello"]),
        ('<a{% if x %} title="Hello"{% endif %}>{{ y }}</a>', ["Hello"]),
        ("<script>var hello;</script><code>make run</code>", []),
        ('<html lang="zh"><button lang="en">English</button>Hello</html>', ["Hello"]),
        ("{% block bodyclass %}login{% endblock %}{% block title %}Hello{% endblock %}", ["Hello"]),
        ('<span class="material-symbols-outlined">menu</span>', []),
        ('{% button "Go" kind="main" %}{% button _("Go") href="/x" %}', ["Go"]),
        ('{% cell title note="Hello" scene="metro" %}', ["Hello"]),
        ('{% icon "metro" %}{% status "held" %}{% include "a.html" with text="b" %}', []),
    ],
)
def test_the_search_finds_texts_and_nothing_else(template: str, found: list[str]) -> None:
    assert bare(template) == found
