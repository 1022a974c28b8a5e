"""Decisions about time and targets of the contract: pure functions over plain values."""
