"""The contract of front doors sees a way round the door and lets the others pass."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from grimp import ImportGraph
from importlinter import ContractCheck


@pytest.fixture
def graph() -> ImportGraph:
    """Two rooms and a shared module in one house; no imports yet."""
    graph = ImportGraph()
    graph.add_module("house")
    graph.add_module("house.shared")
    for module in (
        "cellar",
        "cellar.api",
        "cellar.jars",
        "kitchen",
        "kitchen.api",
        "kitchen.stove",
    ):
        graph.add_module(f"house.{module}")
    return graph


def checked(root: Path, graph: ImportGraph, importer: str, imported: str) -> ContractCheck:
    """What the contract says of a house with this one import."""
    sys.path.insert(0, str(root))
    try:
        from house_contracts import FrontDoorContract
    finally:
        sys.path.remove(str(root))
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import")
    contract = FrontDoorContract(
        name="doors", session_options={}, contract_options={"rooms_of": "house", "door": "api"}
    )
    return contract.check(graph, verbose=False)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("house.kitchen.stove", "house.cellar.api"),
        ("house.cellar.api", "house.cellar.jars"),
        ("house.kitchen.stove", "house.shared"),
    ],
)
def test_a_door_the_room_itself_and_what_is_shared_may_be_imported(
    root: Path, graph: ImportGraph, importer: str, imported: str
) -> None:
    assert checked(root, graph, importer, imported).kept


@pytest.mark.parametrize("imported", ["house.cellar.jars", "house.cellar"])
def test_whatever_lies_behind_a_door_may_not_be_imported_from_outside(
    root: Path, graph: ImportGraph, imported: str
) -> None:
    check = checked(root, graph, "house.kitchen.stove", imported)
    assert not check.kept
    assert check.metadata["broken"] == [("house.kitchen.stove", imported, 7)]
