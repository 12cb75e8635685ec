"""The components as templates use them."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from tanzhang.problems import Problem
from tanzhang.surfaces.look.charts import Column, Share
from tanzhang.surfaces.look.samples import MORNING_US, SampleForm, Step, Tab
from tanzhang.surfaces.look.words import SOURCE_MARKS, STATUSES


def drawn(source: str, lang: str = "en", **context: Any) -> str:
    """What a piece of template becomes, its white space reduced."""
    with translation.override(lang):
        return " ".join(Template("{% load look %}" + source).render(Context(context)).split())


def test_an_amount_carries_its_exact_milligrams() -> None:
    assert drawn("{% amount 1234567 %}") == (
        '<data class="amount" value="1234567" title="1,234.567 g">1.23'
        '<span class="unit">kg</span></data>'
    )
    assert "1,234.567<" in drawn("{% amount 1234567 exact=True %}")
    assert '>+24<span class="unit">克<' in drawn("{% amount 24000 signed=True %}", "zh-hans")


def test_amounts_of_nothing_and_below_are_marked() -> None:
    assert 'class="amount none"' in drawn("{% amount 0 signed=True %}")
    assert "+" not in drawn("{% amount 0 signed=True %}")
    assert 'class="amount below"' in drawn("{% amount mg signed=True %}", mg=-24_000)


def test_points_are_counted_and_never_weighed() -> None:
    assert drawn("{% points 1 signed=True %}") == (
        '<data class="points" value="1">+1<span class="unit">point</span></data>'
    )
    assert "1,280" in drawn("{% points 1280 %}") and "points<" in drawn("{% points 1280 %}")
    assert "碳积分" in drawn("{% points 1280 %}", "zh-hans")


def test_plain_amounts_hold_no_elements() -> None:
    assert drawn("{% plain_amount 112010 %}", "zh-hans") == "112 克"
    assert drawn("{% plain_amount 4321000000 %}") == "4.321 t"


def test_an_icon_is_silent_beside_a_word_and_speaks_alone() -> None:
    assert drawn('{% icon "metro" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/look/icons.svg#metro"/></svg>'
    )
    assert 'role="img" aria-label="Why"' in drawn('{% icon "why" label="Why" %}')


@pytest.mark.parametrize(
    "wrong",
    [
        '{% icon "unicorn" %}',
        '{% button "Go" kind="loud" %}',
        '{% tag "New" tone="pink" %}',
        '{% notice "Hm" tone="plum" %}',
        '{% button "Go" herf="/" %}',
    ],
)
def test_what_no_component_knows_is_an_error(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn(wrong)


def test_text_of_people_is_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    parts = (
        "{% button text href=text %}{% tag text title=text %}{% cell text note=text %}"
        "{% hero text 1 note=text %}{% stat text value=text %}{% empty text text %}"
        "{% notice text title=text code=text %}{% icon 'why' label=text %}"
    )
    assert "<script>" not in drawn(parts, text=nasty)


def test_a_button_leads_or_sends() -> None:
    assert drawn('{% button "Go" href="/x/" kind="main" %}') == (
        '<a class="button main" href="/x/">Go</a>'
    )
    assert drawn('{% button "Go" name="a" value="b" disabled=True %}') == (
        '<button class="button " name="a" value="b" disabled>Go</button>'
    )


def test_a_cell_shows_only_what_it_was_given() -> None:
    bare = drawn('{% cell "Metro" %}')
    assert "<a" not in bare and "amount" not in bare and "tag" not in bare
    full = drawn(
        '{% cell "Metro" note="8.4 km" scene="metro" href="/r/1/" amount_mg=0 points=2'
        ' status="limited" instant_us=at zone="Asia/Shanghai" %}',
        at=MORNING_US,
    )
    for part in ('href="/r/1/"', "#metro", "08:00", "8.4 km", 'value="0"', "+2", "Over the limit"):
        assert part in full


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_status_says_itself_in_both_languages(status: str, lang: str) -> None:
    shown = drawn("{% status name %}", lang, name=status)
    assert ("title=" in shown) and (shown.isascii() == (lang == "en"))


def test_the_marks_of_sources_differ_in_more_than_colour() -> None:
    shown = {kind: drawn("{% source_mark kind %}", kind=kind) for kind in SOURCE_MARKS}
    assert all(f"mark {kind}" in html for kind, html in shown.items())
    words = {str(word.label) for word in SOURCE_MARKS.values()}
    assert len(words) == len({word.icon for word in SOURCE_MARKS.values()}) == len(SOURCE_MARKS)


def test_a_field_ties_its_help_and_its_errors_to_the_input() -> None:
    html = drawn("{% field form.phone %}", form=SampleForm({"phone": ""}))
    assert '<label for="id_phone">' in html and 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html and 'id="id_phone_error"' in html
    tick = drawn("{% field form.agreed %}", form=SampleForm())
    assert tick.index("<input") < tick.index("<label") and "field tick" in tick


def test_a_problem_says_what_why_and_what_now_with_its_code() -> None:
    refusal = Problem("packs.zero_divisor", pack="meituan-bike")
    for lang, short in (("en", "en"), ("zh-hans", "zh")):
        html = drawn("{% problem refusal %}", lang, refusal=refusal)
        assert 'role="alert"' in html and "packs.zero_divisor" in html
        for part in ("what", "why", "now"):
            assert refusal.part(part, short)[:12] in html


def test_steps_know_what_is_done_and_where_one_is() -> None:
    html = drawn("{% steps titles 2 %}", titles=["a", "b", "c"])
    assert html == (
        '<ol class="steps"><li class="done">a</li><li aria-current="step">b</li><li>c</li></ol>'
    )


def test_the_last_line_of_a_formula_is_its_total() -> None:
    html = drawn("{% formula steps %}", steps=[Step("a", "", "", "1"), Step("b", "a", "1", "2")])
    assert html.count('class="total"') == 1 and html.index("total") > html.index("<li>")
    assert "= 1" in html


def test_the_tab_bar_says_where_one_is() -> None:
    tabs = [Tab("home", "Home", "/", "home"), Tab("me", "Me", "/me/", "me")]
    html = drawn('{% tabbar tabs "me" %}', tabs=tabs)
    assert html.count("aria-current") == 1 and '<a href="/me/" aria-current="page">' in html


def test_the_way_back_has_a_name() -> None:
    assert 'aria-label="返回"' in drawn('{% backbar "明细" "/" %}', "zh-hans")


def test_a_chart_can_be_read_without_being_seen() -> None:
    html = drawn('{% bars "Weeks" columns %}', columns=[Column("9-07", 3_050_000)])
    assert "<title>Weeks</title>" in html and "9-07: 3.05 kg;" in html
    assert '<th scope="row">9-07</th>' in html and "3,050<" in html
    shares = drawn("{% breakdown shares %}", shares=[Share("Metro", 2_000, "metro", "/m/")])
    assert 'href="/m/"' in shares and 'width="1000"' in shares
    assert "<title>Trend</title>" in drawn('{% sparkline "Trend" course %}', course=[1, 2])


@pytest.mark.parametrize(
    ("tag", "tone"),
    [("success", "green"), ("error", "rust"), ("warning", "rust"), ("info", "blue")],
)
def test_djangos_messages_have_a_tone(tag: str, tone: str) -> None:
    assert drawn("{{ tag|notice_tone }}", tag=tag) == tone
