"""The city reports what the demonstration programme and its packs expect."""

from __future__ import annotations

import pytest

from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.workbench.city.streams import BUS_MODE, METRO_MODE, STREAMS, UUID_PARTNERS


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of the project."""
    return load_packs()


def test_every_partner_may_report_its_scenes_in_the_programme(library: PackLibrary) -> None:
    programme = library.programmes["citic"]
    assert [s for s in STREAMS if not programme.may_report(s.partner, s.scene)] == []


def test_every_stream_gives_the_inputs_of_its_pack(library: PackLibrary) -> None:
    scenes = library.programmes["citic"].scenes["1"]
    for stream in STREAMS:
        pack = library.find(scenes[stream.scene].pack).definition
        assert set(stream.inputs) == {entry.name for entry in pack.inputs}, stream
        assert bool(stream.item_prefix) == (pack.item_key is not None), stream


def test_modes_are_numbered_as_the_pack_numbers_them(library: PackLibrary) -> None:
    values = library.find("shenzhen-transit").input_entry("mode").values
    assert (values[METRO_MODE], values[BUS_MODE]) == ("metro", "bus")


def test_partners_make_the_ids_that_the_programme_says(library: PackLibrary) -> None:
    declared = library.programmes["citic"].id_times
    for partner in {stream.partner for stream in STREAMS}:
        assert declared[partner] == ("uuid7" if partner in UUID_PARTNERS else "date8")
