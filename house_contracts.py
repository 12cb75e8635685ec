"""Rules of architecture that import-linter has no ready-made contract for.

They are named in ``.importlinter`` and checked by ``make lint``.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoorContract(Contract):
    """A room is entered only through its front door.

    Rooms are the packages directly below ``rooms_of``; ``door`` is the one module of a room that
    modules outside the room may import. What a room does behind its door is its own affair and may
    change without anybody else noticing.
    """

    type_name = "front_door"

    rooms_of = fields.StringField()
    door = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        house = str(self.rooms_of)
        rooms = [
            child for child in sorted(graph.find_children(house)) if graph.find_children(child)
        ]
        broken = [found for room in rooms for found in self._broken_into(graph, room)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer} -> {imported} (l.{line})", bold=False)
        output.print_error(f"Import the room's {self.door} module instead.", bold=True)

    def _broken_into(self, graph: ImportGraph, room: str) -> list[tuple[str, str, int]]:
        """Imports from outside that do not go through the door: importer, imported, line."""
        inside = {room, *graph.find_descendants(room)}
        return [
            (importer, module, detail["line_number"])
            for module in sorted(inside - {f"{room}.{self.door}"})
            for importer in sorted(graph.find_modules_that_directly_import(module) - inside)
            for detail in graph.get_import_details(importer=importer, imported=module)
        ]
