"""Verbs of the catalogue."""
