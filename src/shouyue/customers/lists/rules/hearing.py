"""What a list may change, for the actions of this room: the rules stand with the people that they are about."""

from shouyue.customers.people.rules.precedence import hand_stands, heard, stands

__all__ = ["hand_stands", "heard", "stands"]
