"""The Doors contract for import-linter: from another room, only `<room>.public`."""

from dataclasses import dataclass

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands. sub: its sub-room in a wing, else ""; seat: "" for the package of the room itself."""

    room: str
    sub: str
    seat: str


class Doors(Contract):
    """Refuses an import that enters another room by anything but its public door.

    `root`: the package whose direct children are the rooms. `ground`: rooms that stand open. `top`: the room that
    puts all others together; it may also use `top_seats` of each. Rules may use the rules of another room, because
    its door would bring models along. Tests may look behind doors.

    A folder of a room with a `public` of its own is a sub-room, and the room a wing. Sub-rooms enter each other by
    their doors too, and nobody outside the wing knows them. What stands beside them puts the wing together: its door
    uses theirs, `models` their models, and `top_seats` whatever they register.
    """

    type_name = "doors"

    root = fields.StringField()
    ground = fields.SetField(subfield=fields.StringField())
    top = fields.StringField()
    top_seats = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        doors = {module for module in graph.modules if module.count(".") == 3 and module.endswith(".public")}
        wings = {door.removesuffix(".public") for door in doors}
        broken = [
            (importer, imported)
            for importer in sorted(graph.find_descendants(str(self.root)))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._is_allowed(_place(importer, str(self.root), wings), _place(imported, str(self.root), wings))
        ]
        lines = [
            f"- {importer} -> {imported} (l.{detail['line_number']})"
            for importer, imported in broken
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not broken, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        output.print_error("Enter another room only by its public door:")
        for line in check.metadata["lines"]:
            output.print_error(line)

    def _is_allowed(self, importer: Place | None, imported: Place | None) -> bool:
        if importer is None or imported is None or imported.room in self.ground or importer.seat == "tests":
            return True
        if importer.seat == imported.seat == "rules":
            return True
        if importer.room == imported.room:
            return self._is_allowed_in_wing(importer, imported)
        if imported.sub:
            return False
        return imported.seat == "public" or (importer.room == self.top and imported.seat in self.top_seats)

    def _is_allowed_in_wing(self, importer: Place, imported: Place) -> bool:
        if importer.sub == imported.sub or not imported.sub:
            return True
        if not importer.sub and (importer.seat in self.top_seats or importer.seat == imported.seat):
            return True
        return imported.seat == "public"


def _place(module: str, root: str, sub_rooms: set[str]) -> Place | None:
    """The place of a module inside `root`; none outside it."""
    if not module.startswith(f"{root}."):
        return None
    room, *inside = module.removeprefix(f"{root}.").split(".")
    sub = inside.pop(0) if inside and f"{root}.{room}.{inside[0]}" in sub_rooms else ""
    return Place(room, sub, inside[0] if inside else "")
