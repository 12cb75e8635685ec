"""Golden events are the packs' own examples, and the kit's programme serves them all."""

from __future__ import annotations

from importlib.resources import as_file, files

import pytest
import yaml

from tanzhang.engine.packs import PackLibrary, default_folder, library_with_programme, load_packs
from tanzhang.workbench.conformance.golden import Golden, golden


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    return load_packs()


@pytest.mark.parametrize("one", golden(), ids=lambda one: f"{one.pack} {one.example}")
def test_a_golden_event_is_an_example_of_its_pack(one: Golden) -> None:
    file = default_folder() / "methodologies" / one.pack / "examples.yaml"
    examples = yaml.safe_load(file.read_text(encoding="utf-8"))["examples"]
    known = [(example["inputs"], example["reduction_mg"]) for example in examples]
    assert (one.example, one.reduction_mg) in known


def test_every_pack_of_the_demonstration_that_needs_no_earlier_days_has_one(
    library: PackLibrary,
) -> None:
    latest = [*library.programmes["citic"].scenes.values()][-1].values()
    served = {scene.pack for scene in latest if scene.connected}
    plain = {code for code in served if not any(e.definition.windows for e in library.packs[code])}
    assert plain - {one.pack for one in golden()} == set()


def test_the_kits_programme_has_a_scene_for_every_pack() -> None:
    with as_file(files("tanzhang.workbench.conformance").joinpath("programme.yaml")) as file:
        _, programme = library_with_programme(file)
    (scenes,) = programme.scenes.values()
    assert {scene.pack: scene.id for scene in scenes.values()} == {
        one.pack: one.pack for one in golden()
    }
    assert all(scene.partners == ("conformance",) for scene in scenes.values())
