"""Verbs of the purchases room."""
