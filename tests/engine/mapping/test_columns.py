"""Which columns a mapping reads."""

from __future__ import annotations

from tanzhang.engine.mapping import columns_of

from .samples import mapping

EVERYTHING = """
[item_key]
column = "bill"
[revision]
column = "rev"
[withdrawn]
column = "state"
is = ["x"]
[inputs.distance_m]
great_circle = { from = ["lat1", "lon1"], to = ["lat2", "lon2"] }
detour = 1
[inputs.rides]
column = "n"
[inputs.mode]
column = "kind"
values = { a = 0 }
[inputs.orders]
constant = 1
[[refuse]]
code = "one"
when = { any = [{ same = ["s1", "s2"] }, { all = [{ empty = "e" }, { lasts_over_s = 1 }] }] }
en = "No."
zh = "不。"
[[hold]]
code = "two"
when = { none = [{ column = "c1", is = ["x"] }, { column = "c2", above = 1 }] }
en = "No."
zh = "不。"
"""


def test_every_column_is_named_once_wherever_it_is_read() -> None:
    rules = mapping(
        EVERYTHING,
        external_id='digest = ["d1", "who"]',
        person='hash = ["who"]\nmodulo = 7\nfictitious = true',
        scene='column = "scene"\nvalues = { a = "walk" }',
        ended='duration = "took"\nunit = "s"',
    )
    found = " ".join(sorted(columns_of(rules)))
    assert found == (
        "bill c1 c2 d1 e from kind lat1 lat2 lon1 lon2 n rev s1 s2 scene state took who"
    )


def test_a_digest_of_the_whole_row_names_no_column() -> None:
    assert columns_of(mapping(external_id='digest = "row"')) == ("who", "from", "to")
