"""The door of persons."""

from shouyue.membership.persons.actions import move_of_person, undo_of_person, walk_members
from shouyue.membership.persons.queries import members_after

__all__ = ["members_after", "move_of_person", "undo_of_person", "walk_members"]
