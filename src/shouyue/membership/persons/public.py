"""The door of persons."""

from shouyue.membership.persons.actions import move_of_person, undo_of_person

__all__ = ["move_of_person", "undo_of_person"]
