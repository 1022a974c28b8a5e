"""Verbs of the intake room."""
