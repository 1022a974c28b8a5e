"""Verbs of the customers room."""
