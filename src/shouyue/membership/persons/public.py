"""The door of persons."""

from shouyue.membership.persons.actions import move_of_person, undo_of_person, walk_members
from shouyue.membership.persons.queries import member_number, members_after

__all__ = ["member_number", "members_after", "move_of_person", "undo_of_person", "walk_members"]
