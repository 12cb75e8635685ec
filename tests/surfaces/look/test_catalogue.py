"""Sentences are found where they stand, and the catalogue is a file that git can merge."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from tanzhang.surfaces.look.messages import catalogue
from tanzhang.surfaces.look.messages.__main__ import main
from tanzhang.surfaces.look.messages.found import Sentence, of_module, of_template, sentences

TEMPLATE = """\
{% load i18n %}
    <p title="{% translate 'A title' %}">{% translate "Hello" %} it's "quoted" (</p>
  {% button _("Go") href="/" %}{{ _("Shown") }}
      {% blocktranslate trimmed count n=acts %}
        {{ n }} act
      {% plural %}
        {{ n }} acts
      {% endblocktranslate %}
{% translate "May" context "month" %}{# gettext("No") #}
"""

MODULE = """
from django.utils.translation import gettext, gettext_lazy as _, ngettext, pgettext_lazy

words = _("Lazy"), pgettext_lazy("unit", "g"), gettext("In " "two parts")
def f(n, known): return ngettext("one", "many", n), gettext(known)  # a variable is no sentence
"""


def test_sentences_of_a_template_are_found_whatever_stands_round_them() -> None:
    assert {sentence for _, sentence in of_template(TEMPLATE)} == {
        Sentence("A title"),
        Sentence("Hello"),
        Sentence("Go"),
        Sentence("Shown"),
        Sentence("%(n)s act", "%(n)s acts"),
        Sentence("May", context="month"),
    }


def test_sentences_of_a_module_are_found() -> None:
    assert {sentence for _, sentence in of_module(MODULE)} == {
        Sentence("Lazy"),
        Sentence("g", context="unit"),
        Sentence("In two parts"),
        Sentence("one", "many"),
    }


def test_a_sentence_knows_a_place_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<p>\n{% translate "Hello" %}</p>', encoding="utf-8")
    (tmp_path / "plain.py").write_text("x = 1", encoding="utf-8")
    (tmp_path / "style.css").write_text("gettext('no')", encoding="utf-8")
    assert sentences([tmp_path]) == {Sentence("Hello"): f"{tmp_path / 'page.html'}:2"}


OURS = [Sentence("b"), Sentence("a"), Sentence("%(n)s act", "%(n)s acts"), Sentence("a", "", "x")]
TEXTS = {Sentence("a"): ("甲",), OURS[2]: ("%(n)s 次",), Sentence("gone"): ("无",)}


def test_the_file_is_sorted_without_places_and_without_what_is_unused() -> None:
    source, _ = catalogue.written(OURS, {Sentence("zoo"): "lib", Sentence("a"): "lib"}, TEXTS)
    assert source.decode() == catalogue.HEADER + (
        '#, python-format\nmsgid "%(n)s act"\nmsgid_plural "%(n)s acts"\nmsgstr[0] "%(n)s 次"\n\n'
        'msgid "a"\nmsgstr "甲"\n\n'
        'msgctxt "x"\nmsgid "a"\nmsgstr ""\n\n'
        'msgid "b"\nmsgstr ""\n\n'
        '#. lib\nmsgid "zoo"\nmsgstr ""\n\n'
    )


def test_the_same_content_gives_the_same_files() -> None:
    assert catalogue.written(OURS, {}, TEXTS) == catalogue.written(OURS[::-1], {}, TEXTS)


def test_the_compiled_file_holds_what_is_translated() -> None:
    _, compiled = catalogue.written(OURS, {}, TEXTS)
    spoken = gettext.GNUTranslations(io.BytesIO(compiled))
    assert (spoken.gettext("a"), spoken.gettext("b")) == ("甲", "b")
    assert [spoken.ngettext(*("%(n)s act", "%(n)s acts"), n) for n in (1, 2)] == ["%(n)s 次"] * 2


def test_untranslated_is_what_lacks_words_in_any_form() -> None:
    texts = {Sentence("a"): ("甲",), Sentence("b", "bs"): ("乙", "")}
    wanted = [Sentence("c"), Sentence("b", "bs"), Sentence("a")]
    assert catalogue.untranslated(wanted, texts) == [Sentence("b", "bs"), Sentence("c")]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only page of a package with a catalogue of its own."""
    package, po = tmp_path / "package", tmp_path / "locale" / "django.po"
    package.mkdir()
    monkeypatch.setattr(catalogue, "PACKAGE", package)
    monkeypatch.setattr(catalogue, "PO", po)
    monkeypatch.setattr(catalogue, "MO", po.with_suffix(".mo"))
    monkeypatch.setattr(catalogue, "LIBRARIES", {})
    return package / "page.html"


def test_an_update_adds_keeps_and_drops(page: Path) -> None:
    page.write_text('{% translate "old" %}{% translate "kept" %}', encoding="utf-8")
    assert catalogue.update() == [Sentence("kept"), Sentence("old")]
    source = catalogue.PO.read_text(encoding="utf-8")
    catalogue.PO.write_text(source.replace('"kept"\nmsgstr ""', '"kept"\nmsgstr "留"'))
    page.write_text('{% translate "new" %}{% translate "kept" %}', encoding="utf-8")
    assert catalogue.update() == [Sentence("new")]
    assert catalogue.read() == {Sentence("kept"): ("留",), Sentence("new"): ("",)}
    assert catalogue.read_compiled() == {Sentence("kept"): ("留",)}


def test_the_command_fails_while_a_sentence_needs_chinese_words(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.write_text('{% translate "Hello" %}', encoding="utf-8")
    assert main() == 1
    assert capsys.readouterr().out == "untranslated: Hello\ndjango.po: 1 sentences\n"
    page.write_text("<p>12</p>", encoding="utf-8")
    assert main() == 0


def test_of_a_librarys_sentences_only_those_that_django_lacks_are_ours() -> None:
    borrowed = catalogue.borrowed()
    assert Sentence("Choose file to upload") in borrowed
    assert Sentence("Save") not in borrowed, "Django translates it"
    assert set(borrowed.values()) == set(catalogue.LIBRARIES)
