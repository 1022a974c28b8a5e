"""The door of occasions."""

from shouyue.membership.occasions.actions import award_birthdays, award_members, check_in

__all__ = ["award_birthdays", "award_members", "check_in"]
