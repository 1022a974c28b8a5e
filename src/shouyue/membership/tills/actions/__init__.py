"""Verbs of the till."""
