"""The style page: complete in both languages, within budget, and true to the content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client

from journeys.budgets import weigh
from tanzhang.surfaces.look import templatetags
from tanzhang.surfaces.look.templatetags import look

TEMPLATES = Path(templatetags.__file__).parents[1] / "templates" / "look"


def page(lang: str) -> str:
    """The style page as a browser of that language gets it."""
    client = Client(HTTP_HOST="localhost", headers={"accept-language": lang})
    return client.get("/style/").content.decode()


def static_file(address: str) -> bytes:
    """A static file by its address, as it lies in the sources."""
    found = finders.find(address.split("/static/", 1)[1])
    assert isinstance(found, str), address
    return Path(found).read_bytes()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_page_keeps_every_budget(lang: str) -> None:
    weight = weigh("http://localhost/style/", page(lang).encode(), static_file)
    assert weight.faults() == []
    assert min(weight.html, weight.css, weight.js, weight.images) > 0


def test_our_own_script_is_small() -> None:
    assert len(static_file("/static/look/look.js")) <= 3 * 1024


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_nothing_on_the_page_needs_a_looser_policy(lang: str) -> None:
    html = page(lang)
    assert re.findall(r"\sstyle=|<style|\son\w+=", html) == []
    assert re.findall(r"<script(?! src=)", html) == []
    assert re.findall(r'(?:src|href)="(?!/|#)', html) == []


def test_the_languages_differ_in_words_and_not_in_shape() -> None:
    shapes = [re.findall(r"<(/?\w+)", page(lang)) for lang in ("zh-CN", "en")]
    assert shapes[0] == shapes[1]
    english = re.sub(r'<div translate="no">.*?</div>', "", page("en"), flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", english) == []


def test_the_page_shows_every_component() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.html"))
    inside = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("parts/*.html"))
    missing = {
        name
        for name in look.register.tags
        if not re.search(rf"{{%\s*{name}\b", source) and not re.search(rf"{{%\s*{name}\b", inside)
    }
    assert missing == set()


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_every_template_is_read_by_django_and_short(file: Path) -> None:
    get_template(f"look/{file.relative_to(TEMPLATES).as_posix()}")
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 150
